package io.meshwork.internal.conformance.discovery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.meshwork.Mesh;
import io.meshwork.MeshClient;
import io.meshwork.card.Health;
import io.meshwork.card.Health.Availability;
import io.meshwork.consume.Rows;
import io.meshwork.contract.Contract;
import io.meshwork.contract.ServiceLevel;
import io.meshwork.error.BackendException;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.internal.testkit.ForwardingRegistry;
import io.meshwork.local.LocalMesh;
import io.meshwork.product.Principal;
import io.meshwork.registry.Registry;
import io.meshwork.registry.Registry.Outcome;
import io.meshwork.registry.Registry.Transaction;
import io.meshwork.testkit.InMemoryMesh;
import io.meshwork.testkit.ManualClock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.apache.iceberg.io.FileIO;
import org.apache.iceberg.io.FileInfo;
import org.apache.iceberg.io.InputFile;
import org.apache.iceberg.io.OutputFile;
import org.apache.iceberg.io.SupportsPrefixOperations;
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
    define();
  }

  private void define() {
    shop().registerDomain("commerce").owner("shop@example.org").commit();
    finance().registerDomain("finance").owner("finance@example.org").commit();
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
    return LocalMesh.builder(folder.resolve("mesh")).clock(clock).open();
  }

  private MeshClient shop() {
    return mesh.clientAs(Principal.of("commerce", "etl"));
  }

  private MeshClient finance() {
    return mesh.clientAs(Principal.of("finance", "analyst"));
  }

  private void read() {
    try (Rows<Click> rows = finance().read(CLICKS).as(Click.class).rows()) {
      rows.forEach(row -> {});
    }
  }

  private List<Availability> availability() {
    return shop().health(CLICKS).availability();
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
  void theHealthOfAProductIsPrintedAndComparedAfterTheMeshIsClosed() {
    Health unread = shop().health(CLICKS);
    Health read = shop().health(CLICKS);
    assertThat(read.availability()).hasSize(1);
    assertThat(read.notified()).containsExactly("shop@example.org");
    assertThat(finance().health(CLICKS)).isEqualTo(finance().health(CLICKS));
    mesh.close();

    assertThat(unread.toString()).containsOnlyOnce(CLICKS);
    assertThat(read).as("prints what was read before, too").hasToString(unread.toString());
    assertThat(unread).hasSameHashCodeAs(unread).isEqualTo(unread).isNotEqualTo(read);
    assertThat(read.availability()).hasSize(1);
    assertThatThrownBy(unread::notified).hasMessageContaining("closed");
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
    assertThat(finance().health(CLICKS).isForOwner()).isFalse();
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

  /** A registry that denies writes of minutes, and counts them. */
  private static final class DenyingRegistry extends ForwardingRegistry {
    private boolean denying;
    private int denied;

    DenyingRegistry(Registry real) {
      super(real);
    }

    @Override
    public Outcome commit(Transaction transaction) {
      if (denying
          && transaction.actions().stream()
              .anyMatch(action -> action.key().sort().startsWith("opens/"))) {
        denied++;
        throw denial();
      }
      return super.commit(transaction);
    }
  }

  /** Files in memory that cannot be read while they deny it. */
  private static final class DenyingFiles implements SupportsPrefixOperations {
    private static final long serialVersionUID = 1L;

    private final FileIO real = InMemoryMesh.files();
    private boolean denying;

    @Override
    public InputFile newInputFile(String location) {
      if (denying) {
        throw denial();
      }
      return real.newInputFile(location);
    }

    @Override
    public OutputFile newOutputFile(String location) {
      return real.newOutputFile(location);
    }

    @Override
    public void deleteFile(String location) {
      real.deleteFile(location);
    }

    @Override
    public Iterable<FileInfo> listPrefix(String prefix) {
      return ((SupportsPrefixOperations) real).listPrefix(prefix);
    }

    @Override
    public void deletePrefix(String prefix) {
      ((SupportsPrefixOperations) real).deletePrefix(prefix);
    }
  }

  private static BackendException denial() {
    return Failure.of(MeshAction.of(Verb.WRITE, "the store"))
        .because("the role lacks a permission")
        .lasting(ErrorCode.PERMISSION_MISSING);
  }

  @Test
  void aReadDoesNotFailIfItsMinutesCannotBeWritten() {
    mesh.close();
    DenyingRegistry registry = new DenyingRegistry(InMemoryMesh.registry());
    mesh = Mesh.builder(registry, InMemoryMesh.files(), "memory:/mesh").clock(clock).open();
    define();
    shop()
        .defineProduct("commerce/views")
        .contract(Contract.of(Click.class).serviceLevel(ServiceLevel.NONE.availability(99)))
        .openToMesh()
        .commit();
    read();
    finance().read("commerce/views").rows().close();
    registry.denying = true;
    clock.advance(Duration.ofHours(1));

    read();
    assertThat(registry.denied).as("one of the two products").isEqualTo(1);
    clock.advance(Duration.ofMinutes(1));
    read();
    assertThat(registry.denied).as("once an hour").isEqualTo(1);

    registry.denying = false;
    clock.advance(Duration.ofHours(1));
    finance().subscribe(CLICKS).name("clicks").purpose("Counts").asMaps().commit().poll().close();
    assertThat(availability()).extracting(Availability::opened).containsExactly(4);
    assertThat(mesh.doctor().findings()).isEmpty();
  }

  @Test
  void anOpeningThatTheStoreDeniesDoesNotCount() {
    mesh.close();
    DenyingFiles files = new DenyingFiles();
    Registry registry = InMemoryMesh.registry();
    mesh = Mesh.builder(registry, files, "memory:/mesh").clock(clock).open();
    define();
    read();
    Mesh other = Mesh.builder(registry, files.real, "memory:/mesh").clock(clock).open();
    other
        .clientAs(Principal.of("commerce", "etl"))
        .publish(CLICKS)
        .records(List.of(new Click(2)))
        .commit();
    files.denying = true;
    clock.advance(Duration.ofMinutes(1));
    assertThatThrownBy(this::read).isInstanceOf(BackendException.class);
    files.denying = false;
    clock.advance(Duration.ofMinutes(1));

    mesh.maintain().commit();

    assertThat(availability())
        .extracting(Availability::opened, Availability::failed)
        .containsExactly(tuple(2, 0));
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
