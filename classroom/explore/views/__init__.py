"""Drawings that several lessons share. Each is made once; its `set` moves it, so that an explorer's `update` is short.

    views.show(fig, "what to see")                      a still figure with its sentence
    points = views.scatter(ax, x, y, ["Adelie", "Gentoo"])
    field = views.boundary(ax, predict, x, y)           field.set(predict): which class is seen where
    view = views.activation(ax, np.tanh, z=1.5)         view.set(z=0.5): a function and its slope
    hills = views.surface(ax, loss)                     hills.set(path): a descent over two weights
    curve = views.valley(ax, loss)                      curve.set(path): its steps on the loss of one weight
    graph = views.network(ax, [2, 3, 1])                graph.set(weights): a network with its weights
    graph = views.computation(ax, nodes, lines)         graph.set(values, gradients, locals): a graph of a computation
    cell = views.neuron(ax, ["length", "depth"])        cell.set(weights, bias, inputs): a neuron with its numbers
    plot = views.curves(ax, ["training", "validation"]) plot.set(training=losses): curves that grow, bands over seeds
    views.runs(ax, losses, "training")                  curves that stand, a pale one for each seed
    views.strip(ax, {"no fault": losses}, "loss")       a row of points for each name, one for each seed
    sheet = views.images(ax, stack)                     sheet.set(stack, labels): a grid of pictures in one artist
    view = views.reliability(ax, "network")             view.set(confidence, right): a reliability diagram

Where a view can say what it shows, `set(…).sentence` does, from the numbers that it has drawn: a caption, or what
`update` returns. `ax` is from `subplots` here or in `live`.

Files: `shown` · `classes` scatter, boundary · `slopes` activation · `descent` surface, valley · `neurons`, `networks` ·
`graphs` computation · `training` curves, runs, strip, level · `pictures` · `reliability` · and for what one
lesson alone draws a file of its name.
"""

from classroom.explore.style import subplots
from classroom.explore.views.classes import boundary, scatter
from classroom.explore.views.descent import surface, valley
from classroom.explore.views.graphs import computation
from classroom.explore.views.lesson_0 import fitted, lists, readings, strokes
from classroom.explore.views.lesson_1_1 import (
    decision_line,
    effect,
    error_map,
    movement,
    neuron_with_letters,
    surrounded,
    trend,
    two_neurons,
)
from classroom.explore.views.lesson_1_2 import depth_and_width, network_with_letters, stages
from classroom.explore.views.lesson_1_3 import dials, loop
from classroom.explore.views.lesson_1_4 import (
    best_of_k,
    best_of_many,
    losses,
    memorised,
    overfitting,
    rows_of_scores,
    watched,
)
from classroom.explore.views.lesson_1_5 import changed_states, closed_boxes, dog_became, moved_map, wirings
from classroom.explore.views.lesson_1_10 import named_network, three_sets
from classroom.explore.views.lesson_2_1 import cut_by, facets, folded, sheet
from classroom.explore.views.lesson_2_2 import ladder, share_left
from classroom.explore.views.lesson_2_3 import two_lines
from classroom.explore.views.lesson_2_4 import bowl, ending, fate, regimes
from classroom.explore.views.lesson_2_5 import from_the_minimum, wandering
from classroom.explore.views.lesson_2_7 import probe, responses, weight_pictures
from classroom.explore.views.lesson_3_1 import checked, early_sending, recorded
from classroom.explore.views.lesson_3_2 import late_change, most_wrong, without_zero_grad
from classroom.explore.views.lesson_3_3 import (
    agreement,
    decade,
    judged_twice,
    over_rates,
    two_losses,
    what_came_back,
)
from classroom.explore.views.lesson_4_1 import cured, effects, key, one_batch, reading
from classroom.explore.views.lesson_4_2 import after_clipping, alive, at_layer_1, by_layer, weakest
from classroom.explore.views.lesson_5_1 import (
    data_curve,
    forecast,
    intervals,
    log_errors,
    rows_of_intervals,
    said_to_wrong_labels,
    told_apart,
)
from classroom.explore.views.lesson_5_3 import sure_and_right
from classroom.explore.views.lesson_6_1 import skeleton
from classroom.explore.views.lesson_6_2 import chosen_and_new, gap_after, stops_on, where_it_parts
from classroom.explore.views.networks import network
from classroom.explore.views.neurons import neuron
from classroom.explore.views.pictures import images
from classroom.explore.views.reliability import reliability
from classroom.explore.views.shown import show
from classroom.explore.views.slopes import activation
from classroom.explore.views.training import curves, level, runs, strip

__all__ = [
    "activation",
    "after_clipping",
    "agreement",
    "alive",
    "at_layer_1",
    "best_of_k",
    "best_of_many",
    "boundary",
    "bowl",
    "by_layer",
    "changed_states",
    "checked",
    "chosen_and_new",
    "closed_boxes",
    "computation",
    "cured",
    "curves",
    "cut_by",
    "data_curve",
    "decade",
    "decision_line",
    "depth_and_width",
    "dials",
    "dog_became",
    "early_sending",
    "effect",
    "effects",
    "ending",
    "error_map",
    "facets",
    "fate",
    "fitted",
    "folded",
    "forecast",
    "from_the_minimum",
    "gap_after",
    "images",
    "intervals",
    "judged_twice",
    "key",
    "ladder",
    "late_change",
    "level",
    "lists",
    "log_errors",
    "loop",
    "losses",
    "memorised",
    "most_wrong",
    "moved_map",
    "movement",
    "named_network",
    "network",
    "network_with_letters",
    "neuron",
    "neuron_with_letters",
    "one_batch",
    "over_rates",
    "overfitting",
    "probe",
    "reading",
    "readings",
    "recorded",
    "regimes",
    "reliability",
    "responses",
    "rows_of_intervals",
    "rows_of_scores",
    "runs",
    "said_to_wrong_labels",
    "scatter",
    "share_left",
    "sheet",
    "show",
    "skeleton",
    "stages",
    "stops_on",
    "strip",
    "strokes",
    "subplots",
    "sure_and_right",
    "surface",
    "surrounded",
    "three_sets",
    "told_apart",
    "trend",
    "two_lines",
    "two_losses",
    "two_neurons",
    "valley",
    "wandering",
    "watched",
    "weakest",
    "weight_pictures",
    "what_came_back",
    "where_it_parts",
    "wirings",
    "without_zero_grad",
]
