"""Each digit as somebody might write it: strokes of points, x and y in [0, 1], y downwards."""

import math


def arc(x, y, radius_x, radius_y, start_deg, end_deg, points=24):
    """Return points on an ellipse; 0 degrees points right, 90 down."""
    angles = [math.radians(start_deg + (end_deg - start_deg) * i / (points - 1)) for i in range(points)]
    return [(x + radius_x * math.cos(a), y + radius_y * math.sin(a)) for a in angles]


DIGITS = {
    0: [arc(0.5, 0.5, 0.33, 0.5, -90, 270, 40)],
    1: [[(0.5, 0.0), (0.5, 1.0)]],
    2: [[*arc(0.47, 0.27, 0.33, 0.27, 190, 400), (0.12, 1.0), (0.85, 1.0)]],
    3: [[*arc(0.45, 0.25, 0.32, 0.25, 200, 450), *arc(0.45, 0.74, 0.36, 0.26, -90, 160)]],
    4: [[(0.25, 0.0), (0.1, 0.55), (0.85, 0.55)], [(0.7, 0.05), (0.7, 1.0)]],
    5: [[(0.85, 0.0), (0.25, 0.0), (0.2, 0.45), *arc(0.45, 0.68, 0.38, 0.32, 225, 500)]],
    6: [[(0.65, 0.0), (0.38, 0.25), (0.22, 0.6), *arc(0.48, 0.74, 0.27, 0.26, 180, -180)]],
    7: [[(0.12, 0.0), (0.88, 0.0), (0.45, 1.0)]],
    8: [[*arc(0.5, 0.25, 0.26, 0.25, 90, 450, 30), *arc(0.5, 0.75, 0.3, 0.25, -90, -450, 30)]],
    9: [[*arc(0.48, 0.27, 0.28, 0.27, 0, -360, 30), (0.76, 0.35), (0.68, 1.0)]],
}


def strokes(digit, left, top, width, height):
    """Return the digit's strokes within a box of the drawing pad."""
    return [[(left + x * width, top + y * height) for x, y in stroke] for stroke in DIGITS[digit]]
