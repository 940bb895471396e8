package io.meshwork.portal.internal.page;

import io.meshwork.portal.internal.text.ProductAddress;
import io.meshwork.portal.internal.text.SampleText;
import io.meshwork.portal.internal.text.StatusBadge;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * A graph with places and lines, ready to be drawn.
 *
 * @param width in pixels
 * @param height in pixels
 * @param boxes the products
 * @param lines the edges
 * @param columns the edges that carry a column, for each column
 * @param more how many products are left out
 */
record LineageDrawing(
    int width,
    int height,
    List<Box> boxes,
    List<String> lines,
    List<ColumnLines> columns,
    int more) {
  private static final int MOST_BOXES = 40;
  private static final int BOX_WIDTH = 178;
  private static final int BOX_HEIGHT = 44;
  private static final int GAP_X = 58;
  private static final int GAP_Y = 14;
  private static final int MARGIN = 4;

  /** The space of an edge that goes around the boxes, and how far it is from the next one. */
  private static final int LANE = 8;

  private static final int MOST_LANES = 6;
  private static final int BEND = 14;

  private static final int MOST_CHARACTERS = 21;

  LineageDrawing {
    boxes = List.copyOf(boxes);
    lines = List.copyOf(lines);
    columns = List.copyOf(columns);
  }

  /**
   * A product.
   *
   * @param product the product
   * @param label its name, shortened to the box
   * @param x the left side
   * @param y the top
   * @param status its status
   * @param centre true for the product of the page
   */
  record Box(
      ProductAddress product, String label, int x, int y, StatusBadge status, boolean centre) {
    int width() {
      return BOX_WIDTH;
    }

    int height() {
      return BOX_HEIGHT;
    }

    /** Returns the name of the domain, shortened to the box. */
    String domain() {
      return SampleText.shortened(product.domain(), MOST_CHARACTERS);
    }

    int right() {
      return x + BOX_WIDTH;
    }

    int middle() {
      return y + BOX_HEIGHT / 2;
    }

    int bottom() {
      return y + BOX_HEIGHT;
    }
  }

  /**
   * The lines of one column.
   *
   * @param column the name of the column
   * @param id the identifier of the group
   * @param paths the paths of the edges
   */
  record ColumnLines(String column, String id, List<String> paths) {
    ColumnLines {
      paths = List.copyOf(paths);
    }
  }

  /** Draws a graph: at most 40 products, the nearest ones. */
  static LineageDrawing of(LineageGraph graph) {
    List<LineageGraph.Node> nearest =
        graph.nodes().stream()
            .sorted(
                Comparator.<LineageGraph.Node>comparingInt(node -> Math.abs(node.distance()))
                    .thenComparing(node -> node.product().toString()))
            .limit(MOST_BOXES)
            .toList();
    Set<ProductAddress> drawn =
        nearest.stream().map(LineageGraph.Node::product).collect(Collectors.toSet());
    List<LineageGraph.Edge> edges =
        graph.edges().stream()
            .filter(edge -> drawn.contains(edge.from()) && drawn.contains(edge.to()))
            .toList();
    List<List<LineageGraph.Node>> layers = LineageLayers.of(nearest, edges);
    int most = layers.stream().mapToInt(List::size).max().orElse(0);
    int inner = Math.max(0, most * (BOX_HEIGHT + GAP_Y) - GAP_Y);
    int side = edges.stream().allMatch(edge -> isStraight(edge, layers)) ? MARGIN : GAP_X;
    Map<ProductAddress, Box> boxes = new LinkedHashMap<>();
    for (int i = 0; i < layers.size(); i++) {
      List<LineageGraph.Node> layer = layers.get(i);
      int top = MARGIN + (inner - layer.size() * (BOX_HEIGHT + GAP_Y) + GAP_Y) / 2;
      for (int j = 0; j < layer.size(); j++) {
        LineageGraph.Node node = layer.get(j);
        boxes.put(
            node.product(),
            new Box(
                node.product(),
                SampleText.shortened(node.product().name(), MOST_CHARACTERS),
                side + i * (BOX_WIDTH + GAP_X),
                top + j * (BOX_HEIGHT + GAP_Y),
                node.status(),
                node.product().equals(graph.centre())));
      }
    }
    int below = MARGIN + inner + BEND;
    int around = 0;
    List<String> lines = new ArrayList<>();
    Map<String, List<String>> byColumn = new TreeMap<>();
    for (LineageGraph.Edge edge : edges) {
      Box from = Objects.requireNonNull(boxes.get(edge.from()));
      Box to = Objects.requireNonNull(boxes.get(edge.to()));
      boolean straight = isStraight(from, to);
      String path = straight ? curve(from, to) : around(from, to, below, around % MOST_LANES);
      around += straight ? 0 : 1;
      lines.add(path);
      if (edge.touches(graph.centre())) {
        for (String column : edge.columnsOf(graph.centre())) {
          byColumn.computeIfAbsent(column, name -> new ArrayList<>()).add(path);
        }
      }
    }
    List<ColumnLines> columns = new ArrayList<>();
    byColumn.forEach(
        (column, paths) ->
            columns.add(new ColumnLines(column, "lineage-" + (columns.size() + 1), paths)));
    return new LineageDrawing(
        2 * side + layers.size() * (BOX_WIDTH + GAP_X) - GAP_X,
        2 * MARGIN + inner + (around == 0 ? 0 : BEND + LANE * Math.min(around, MOST_LANES)),
        List.copyOf(boxes.values()),
        lines,
        columns,
        graph.nodes().size() - nearest.size());
  }

  private static String curve(Box from, Box to) {
    int half = GAP_X / 2;
    return "M"
        + from.right()
        + " "
        + from.middle()
        + "C"
        + (from.right() + half)
        + " "
        + from.middle()
        + " "
        + (to.x() - half)
        + " "
        + to.middle()
        + " "
        + (to.x() - 6)
        + " "
        + to.middle();
  }

  /** True if an edge leads to the next layer. */
  private static boolean isStraight(Box from, Box to) {
    return to.x() - from.x() == BOX_WIDTH + GAP_X;
  }

  private static boolean isStraight(LineageGraph.Edge edge, List<List<LineageGraph.Node>> layers) {
    return layer(edge.to(), layers) - layer(edge.from(), layers) == 1;
  }

  private static int layer(ProductAddress product, List<List<LineageGraph.Node>> layers) {
    for (int i = 0; i < layers.size(); i++) {
      if (layers.get(i).stream().anyMatch(node -> node.product().equals(product))) {
        return i;
      }
    }
    throw new IllegalArgumentException(product + " has no layer");
  }

  /**
   * An edge to the same layer, backwards, or past a layer runs between the layers and below all
   * boxes, so that it crosses none.
   */
  private static String around(Box from, Box to, int below, int lane) {
    int start = from.right() + BEND + lane * LANE / 2;
    int end = to.x() - BEND - lane * LANE / 2;
    int depth = below + lane * LANE;
    int way = end < start ? -LANE : LANE;
    return String.format(
        Locale.ROOT,
        "M%d %dH%dQ%d %d %d %dV%dQ%d %d %d %dH%dQ%d %d %d %dV%dQ%d %d %d %dH%d",
        from.right(),
        from.middle(),
        start - LANE,
        start,
        from.middle(),
        start,
        from.middle() + LANE,
        depth - LANE,
        start,
        depth,
        start + way,
        depth,
        end - way,
        end,
        depth,
        end,
        depth - LANE,
        to.middle() + LANE,
        end,
        to.middle(),
        Math.min(end + LANE, to.x() - 6),
        to.middle(),
        to.x() - 6);
  }
}
