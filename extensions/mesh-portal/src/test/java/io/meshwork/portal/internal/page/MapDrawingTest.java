package io.meshwork.portal.internal.page;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshwork.portal.internal.page.IndexPage.StatusCount;
import io.meshwork.portal.internal.page.MapDrawing.Box;
import io.meshwork.portal.internal.page.MapPage.DomainNode;
import io.meshwork.portal.internal.page.MapPage.Flow;
import io.meshwork.portal.internal.page.MapPage.ProductNode;
import io.meshwork.portal.internal.text.ProductAddress;
import io.meshwork.portal.internal.text.StatusBadge;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class MapDrawingTest {
  @Test
  void rowsFlowFromLeftToRight() {
    MapDrawing drawing =
        MapDrawing.of(domains(3, 2), List.of(new Flow("d1", "d0", 1), new Flow("d0", "d2", 1)));

    assertThat(box(drawing, "d1").x()).isLessThan(box(drawing, "d0").x());
    assertThat(box(drawing, "d0").x()).isLessThan(box(drawing, "d2").x());
  }

  @Test
  void domainsThatTakeRowsFromEachOtherAreDrawnToo() {
    MapDrawing drawing =
        MapDrawing.of(domains(2, 1), List.of(new Flow("d0", "d1", 1), new Flow("d1", "d0", 9)));

    assertThat(drawing.arrows()).hasSize(2).allMatch(arrow -> arrow.path().startsWith("M"));
    assertThat(drawing.arrows()).extracting(MapDrawing.Arrow::strength).containsExactly(1, 4);
  }

  @Test
  void domainsWithoutFlowsStandSideBySide() {
    MapDrawing drawing = MapDrawing.of(domains(9, 1), List.of());

    assertThat(drawing.boxes().stream().map(Box::x).distinct()).hasSize(4);
    assertThat(drawing.boxes().stream().map(Box::y).distinct()).hasSize(3);
  }

  @Test
  void aLargeMeshIsFoldedIntoItsDomains() {
    MapDrawing small = MapDrawing.of(domains(4, 10), List.of());
    MapDrawing large = MapDrawing.of(domains(6, 50), List.of());

    assertThat(small.boxes()).allMatch(box -> box.lines().size() == 10);
    assertThat(large.boxes())
        .allMatch(box -> box.lines().size() == 1)
        .allMatch(box -> box.lines().get(0).label().equals("50 FRESH"));
  }

  @Test
  void noBoxCoversAnotherAndAllAreInThePicture() {
    List<Flow> flows = new ArrayList<>();
    for (int i = 1; i < 12; i++) {
      flows.add(new Flow("d" + (i - 1) / 2, "d" + i, i));
      flows.add(new Flow("d" + i, "d0", 1));
    }
    MapDrawing drawing = MapDrawing.of(domains(12, 3), flows);

    for (Box one : drawing.boxes()) {
      assertThat(one.right()).isLessThanOrEqualTo(drawing.width());
      assertThat(one.y() + one.height()).isLessThanOrEqualTo(drawing.height());
      for (Box other : drawing.boxes()) {
        boolean apart =
            one == other
                || one.right() <= other.x()
                || other.right() <= one.x()
                || one.y() + one.height() <= other.y()
                || other.y() + other.height() <= one.y();
        assertThat(apart).isTrue();
      }
    }
  }

  private static Box box(MapDrawing drawing, String domain) {
    return drawing.boxes().stream()
        .filter(box -> box.domain().name().equals(domain))
        .findFirst()
        .orElseThrow();
  }

  private static List<DomainNode> domains(int domains, int products) {
    return IntStream.range(0, domains)
        .mapToObj(
            domain ->
                new DomainNode(
                    "d" + domain,
                    List.of(new StatusCount(StatusBadge.FRESH, products)),
                    IntStream.range(0, products)
                        .mapToObj(
                            product ->
                                new ProductNode(
                                    new ProductAddress("d" + domain, "p" + product),
                                    StatusBadge.FRESH))
                        .toList()))
        .toList();
  }
}
