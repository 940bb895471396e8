package io.meshwork.portal.internal.page;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshwork.portal.internal.page.LineageDrawing.Box;
import io.meshwork.portal.internal.page.LineageGraph.Columns;
import io.meshwork.portal.internal.page.LineageGraph.Edge;
import io.meshwork.portal.internal.page.LineageGraph.Node;
import io.meshwork.portal.internal.text.ProductAddress;
import io.meshwork.portal.internal.text.StatusBadge;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A graph is drawn in layers, with few crossings, and the same way each time. */
class LineageDrawingTest {
  private static final ProductAddress CENTRE = product("centre");

  @Test
  void inputsAreLeftAndDerivedProductsRight() {
    LineageDrawing drawing =
        LineageDrawing.of(
            graph(
                List.of(node("in", -1), node("centre", 0), node("out", 1), node("far", 2)),
                List.of(edge("in", "centre"), edge("centre", "out"), edge("out", "far"))));

    assertThat(drawing.boxes().stream().map(Box::label))
        .containsExactly("in", "centre", "out", "far");
    assertThat(drawing.boxes().stream().map(Box::x)).isSorted().doesNotHaveDuplicates();
    assertThat(drawing.lines()).hasSize(3);
    assertThat(drawing.more()).isZero();
  }

  @Test
  void twoPairsThatWouldCrossDoNot() {
    LineageDrawing drawing =
        LineageDrawing.of(
            graph(
                List.of(node("centre", 0), node("a", 1), node("b", 1), node("x", 2), node("y", 2)),
                List.of(edge("centre", "a"), edge("centre", "b"), edge("a", "y"), edge("b", "x"))));

    assertThat(y(drawing, "a") < y(drawing, "b")).isEqualTo(y(drawing, "y") < y(drawing, "x"));
  }

  @Test
  void aCircleIsDrawnBelowTheBoxes() {
    LineageDrawing drawing =
        LineageDrawing.of(
            graph(
                List.of(node("centre", 0), node("out", 1)),
                List.of(edge("centre", "out"), edge("out", "centre"))));

    assertThat(drawing.lines()).hasSize(2);
    assertThat(drawing.height())
        .isGreaterThan(drawing.boxes().stream().mapToInt(Box::bottom).max().orElse(0) + 20);
  }

  @Test
  void noEdgeRunsThroughABox() {
    LineageDrawing drawing =
        LineageDrawing.of(
            graph(
                List.of(
                    node("far", -2),
                    node("a", -1),
                    node("b", -1),
                    node("c", -1),
                    node("centre", 0)),
                List.of(
                    edge("a", "centre"),
                    edge("b", "centre"),
                    edge("c", "centre"),
                    edge("centre", "b"),
                    edge("c", "a"),
                    edge("far", "c"),
                    edge("far", "centre"),
                    edge("centre", "far"))));

    for (String line : drawing.lines()) {
      for (int[] point : turns(line)) {
        assertThat(point[0]).as(line).isBetween(0, drawing.width());
        assertThat(point[1]).as(line).isBetween(0, drawing.height());
        assertThat(drawing.boxes())
            .as("%s at %d, %d", line, point[0], point[1])
            .noneMatch(
                box ->
                    box.x() < point[0]
                        && point[0] < box.right()
                        && box.y() < point[1]
                        && point[1] < box.bottom());
      }
    }
  }

  /** The places along the straight parts of a line, a pixel each. */
  private static List<int[]> turns(String line) {
    List<int[]> points = new ArrayList<>();
    int x = 0;
    int y = 0;
    for (String part : line.split("(?=[A-Z])")) {
      int[] numbers = Stream.of(part.substring(1).split(" ")).mapToInt(Integer::parseInt).toArray();
      int nextX =
          part.charAt(0) == 'V' ? x : numbers[part.charAt(0) == 'H' ? 0 : numbers.length - 2];
      int nextY = part.charAt(0) == 'H' ? y : numbers[numbers.length - 1];
      if (part.charAt(0) == 'H' || part.charAt(0) == 'V') {
        int length = Math.abs(nextX - x) + Math.abs(nextY - y);
        for (int i = 0; i <= length; i++) {
          points.add(
              new int[] {x + Integer.signum(nextX - x) * i, y + Integer.signum(nextY - y) * i});
        }
      }
      x = nextX;
      y = nextY;
    }
    return points;
  }

  @Test
  void fortyAreDrawnAndTheOthersCounted() {
    List<Node> nodes = new ArrayList<>(List.of(node("centre", 0)));
    List<Edge> edges = new ArrayList<>();
    for (int i = 0; i < 51; i++) {
      nodes.add(node("out" + i, 1));
      edges.add(edge("centre", "out" + i));
    }
    LineageDrawing drawing = LineageDrawing.of(graph(nodes, edges));

    assertThat(drawing.boxes()).hasSize(40);
    assertThat(drawing.more()).isEqualTo(12);
    assertThat(drawing.boxes()).anyMatch(Box::centre);
  }

  @Test
  void aColumnHasTheEdgesThatCarryIt() {
    LineageDrawing drawing =
        LineageDrawing.of(
            graph(
                List.of(node("in", -1), node("centre", 0), node("out", 1)),
                List.of(
                    new Edge(product("in"), CENTRE, List.of(new Columns("price", "amount"))),
                    new Edge(CENTRE, product("out"), List.of(new Columns("amount", "sum"))))));

    assertThat(drawing.columns()).hasSize(1);
    assertThat(drawing.columns().get(0).column()).isEqualTo("amount");
    assertThat(drawing.columns().get(0).paths()).hasSize(2);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void theOrderOfTheInputDoesNotMatterAndNoBoxesOverlap(long seed) {
    Random random = new Random(seed);
    List<Node> nodes = new ArrayList<>(List.of(node("centre", 0)));
    List<Edge> edges = new ArrayList<>();
    int count = 2 + random.nextInt(50);
    for (int i = 0; i < count; i++) {
      nodes.add(node("p" + i, random.nextInt(7) - 3));
      for (int j = 0; j < 2; j++) {
        edges.add(
            new Edge(
                nodes.get(random.nextInt(nodes.size())).product(),
                nodes.get(random.nextInt(nodes.size())).product(),
                List.of()));
      }
    }
    LineageDrawing drawing = LineageDrawing.of(graph(nodes, edges));
    List<Node> shuffled = new ArrayList<>(nodes);
    Collections.shuffle(shuffled, random);

    assertThat(LineageDrawing.of(graph(shuffled, edges))).as("seed %s", seed).isEqualTo(drawing);
    Set<String> places = new HashSet<>();
    for (Box box : drawing.boxes()) {
      assertThat(places.add(box.x() + " " + box.y())).as("seed %s, %s", seed, box).isTrue();
      assertThat(box.right()).isLessThanOrEqualTo(drawing.width());
      assertThat(box.bottom()).isLessThanOrEqualTo(drawing.height());
    }
  }

  private static int y(LineageDrawing drawing, String name) {
    return drawing.boxes().stream()
        .filter(box -> box.label().equals(name))
        .mapToInt(Box::y)
        .findFirst()
        .orElseThrow();
  }

  private static LineageGraph graph(List<Node> nodes, List<Edge> edges) {
    return new LineageGraph(CENTRE, nodes, edges, "");
  }

  private static Node node(String name, int distance) {
    return new Node(product(name), distance, StatusBadge.FRESH);
  }

  private static Edge edge(String from, String to) {
    return new Edge(product(from), product(to), List.of());
  }

  private static ProductAddress product(String name) {
    return new ProductAddress("sales", name);
  }
}
