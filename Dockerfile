# docker build -t mnist . && docker run -p 8501:8501 -v mnist:/data mnist
# 3 GB with Keras, 1 GB without: --build-arg KERAS=off. Memory: see "Host it" in README.md.
FROM python:3.11.14-slim-bookworm

ARG KERAS=on
ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1

RUN useradd --uid 1000 --no-create-home --home-dir /data mnist && mkdir /data && chown mnist /data

WORKDIR /app
COPY requirements.txt ./
COPY .ci/constraints.txt .ci/constraints.txt
RUN if [ "$KERAS" = off ]; then sed -i -E '/^(tensorflow|keras)/d' requirements.txt; fi && pip install -r requirements.txt

COPY LICENSE streamlit_app.py ./
COPY .streamlit .streamlit
COPY mnist_core mnist_core
COPY pages pages

USER mnist
ENV HOME=/data MNIST_USER_DIR=/data MNIST_KERAS=$KERAS
VOLUME /data
EXPOSE 8501
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s \
    CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8501/health/live', timeout=4)"]
CMD ["streamlit", "run", "streamlit_app.py", "--server.port=8501", "--server.address=0.0.0.0", "--server.headless=true"]
