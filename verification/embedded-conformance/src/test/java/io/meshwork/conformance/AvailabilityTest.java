package io.meshwork.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.meshwork.Mesh;
import io.meshwork.MeshClient;
import io.meshwork.card.Health.Availability;
import io.meshwork.consume.Rows;
import io.meshwork.contract.Contract;
import io.meshwork.contract.ServiceLevel;
import io.meshwork.error.BackendException;
import io.meshwork.local.LocalMesh;
import io.meshwork.product.Principal;
import io.meshwork.testkit.ManualClock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The owner of a product sees in how many minutes of a month its table could be opened. */
class AvailabilityTest {
  private static final String CLICKS = "commerce/clicks";

  record Click(long id) {}

  private final ManualClock clock = ManualClock.at(Instant.parse("2026-11-01T00:00:00Z"));

  @TempDir private Path folder;

  @SuppressWarnings("NullAway.Init") // JUnit fills the mesh before each test
  private Mesh mesh;

  @BeforeEach
  void publish() {
    mesh = open();
    shop().registerDomain("commerce").ownedBy("shop@example.org").commit();
    finance().registerDomain("finance").ownedBy("finance@example.org").commit();
    shop()
        .defineProduct(CLICKS)
        .contract(
            Contract.of(Click.class)
                .serviceLevel(ServiceLevel.NONE.availability(99.5).frequency(Duration.ofHours(1))))
        .openToMesh()
        .commit();
    shop().publish(CLICKS).records(List.of(new Click(1))).commit();
  }

  @AfterEach
  void close() {
    mesh.close();
  }

  private Mesh open() {
    return LocalMesh.in(folder.resolve("mesh")).clock(clock).open();
  }

  private MeshClient shop() {
    return mesh.actingAs(Principal.of("commerce", "etl"));
  }

  private MeshClient finance() {
    return mesh.actingAs(Principal.of("finance", "analyst"));
  }

  private void read() {
    try (Rows<Click> rows = finance().read(CLICKS).as(Click.class).read()) {
      rows.forEach(row -> {});
    }
  }

  private List<Availability> availability() {
    return shop().health(CLICKS).forOwner().orElseThrow().availability();
  }

  /** The metadata files of the table, without which it cannot be opened. */
  private List<Path> metadata() throws IOException {
    try (Stream<Path> files = Files.walk(folder.resolve("mesh"))) {
      return files
          .filter(file -> file.toString().contains("clicks_v1/metadata"))
          .filter(Files::isRegularFile)
          .toList();
    }
  }

  @Test
  void minutesOfReadsFailuresAndMaintenanceAreCountedAndTheirShareIsStated() throws Exception {
    assertThat(availability())
        .singleElement()
        .satisfies(
            month -> {
              assertThat(month.month()).isEqualTo(YearMonth.of(2026, 11));
              assertThat(month.percent()).isEmpty();
              assertThat(month.isKept()).isTrue();
            });
    read();
    read(); // in the same minute
    clock.advance(Duration.ofMinutes(1));
    read();
    clock.advance(Duration.ofMinutes(1));
    mesh.maintain().commit();
    mesh.close();

    mesh = open();
    read();
    List<Path> missing = new ArrayList<>();
    clock.advance(Duration.ofMinutes(1));
    for (Path file : metadata()) {
      Path aside = folder.resolve("aside-" + missing.size());
      Files.move(file, aside);
      missing.add(file);
    }
    mesh.close();
    mesh = open(); // which remembers no metadata
    mesh.maintain().commit();
    assertThatThrownBy(this::read).isInstanceOf(BackendException.class);
    for (int i = 0; i < missing.size(); i++) {
      Files.move(folder.resolve("aside-" + i), missing.get(i));
    }
    mesh.close();
    mesh = open();
    clock.advance(Duration.ofMinutes(6));

    assertThat(availability())
        .containsExactly(new Availability(YearMonth.of(2026, 11), 99.5, 3, 1, 10));
    Availability month = availability().get(0);
    assertThat(month.percent()).hasValue(75);
    assertThat(month.observedPercent()).isEqualTo(40);
    assertThat(month.isKept()).isFalse();
    assertThat(finance().health(CLICKS).forOwner()).isEqualTo(Optional.empty());
    assertThat(mesh.doctor().findings()).isEmpty();
  }

  @Test
  void theLastMonthIsShownToo() {
    read();
    mesh.close();
    mesh = open();
    clock.advance(Duration.ofDays(31));
    read();
    mesh.maintain().commit();

    assertThat(availability())
        .extracting(Availability::month, Availability::opened)
        .containsExactly(tuple(YearMonth.of(2026, 12), 1), tuple(YearMonth.of(2026, 11), 1));
  }

  @Test
  void aPublishIsOverdueByTheFrequency() {
    clock.advance(Duration.ofMinutes(50));
    assertThat(overdue()).isZero();
    clock.advance(Duration.ofMinutes(30));
    assertThat(overdue()).isEqualTo(Duration.ofMinutes(20));
  }

  private Duration overdue() {
    return shop().health(CLICKS).freshness().overdueBy(Duration.ofHours(1), clock.instant());
  }
}
