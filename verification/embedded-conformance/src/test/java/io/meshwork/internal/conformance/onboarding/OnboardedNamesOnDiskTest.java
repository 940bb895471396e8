package io.meshwork.internal.conformance.onboarding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.meshwork.Mesh;
import io.meshwork.MeshClient;
import io.meshwork.consume.Subscription;
import io.meshwork.contract.Column;
import io.meshwork.contract.Contract;
import io.meshwork.error.ConflictException;
import io.meshwork.error.ContractViolationException;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.local.LocalMesh;
import io.meshwork.product.Principal;
import io.meshwork.publish.Onboard.OnboardPlan;
import io.meshwork.publish.PublishReceipt;
import io.meshwork.testkit.ManualClock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.avro.Schema;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Onboarded files whose columns have names that the columns of a product cannot have. */
class OnboardedNamesOnDiskTest {
  private static final String ORDERS = "shop/orders";

  record InsideColumn(@Column(physicalName = "In Side") Optional<Integer> inside) {}

  record OrderWithPhysicalNames(
      @Column(value = "order_id", physicalName = "Order ID") long id,
      @Column(physicalName = "Note (x)") Optional<String> note,
      Optional<InsideColumn> part,
      @Column(physicalName = "Line Items") Optional<List<InsideColumn>> lines) {}

  private final ManualClock clock = ManualClock.at(Instant.parse("2026-11-20T08:00:00Z"));

  @TempDir private Path folder;

  @SuppressWarnings("NullAway.Init") // JUnit fills the mesh before each test
  private Mesh mesh;

  @SuppressWarnings("NullAway.Init") // JUnit opens the connection before each test
  private Connection duckDb;

  @BeforeEach
  void open() throws Exception {
    Files.createDirectories(lake());
    mesh =
        LocalMesh.builder(folder.resolve("mesh"), Map.of("lake", lake()))
            .clock(clock)
            .testing()
            .sleeper(clock::advance)
            .open();
    owner().registerDomain("shop").owner("shop@example.org").commit();
    duckDb = DriverManager.getConnection("jdbc:duckdb:");
  }

  @AfterEach
  void close() throws SQLException {
    duckDb.close();
    mesh.close();
  }

  private Path lake() {
    return folder.resolve("lake");
  }

  private MeshClient owner() {
    return mesh.clientAs(Principal.of("shop", "etl"));
  }

  private void write(String file, String select) throws Exception {
    Files.createDirectories(lake().resolve(file).getParent());
    try (Statement statement = duckDb.createStatement()) {
      statement.execute("COPY (" + select + ") TO '" + lake().resolve(file) + "' (FORMAT parquet)");
    }
  }

  private List<Map<String, Object>> rows() {
    try (var rows = owner().read(ORDERS).asMaps().rows()) {
      return rows.stream().toList();
    }
  }

  private static Map<String, Object> row(long id, String note, int inside, int line) {
    return Map.of(
        "order_id",
        id,
        "note",
        note,
        "part",
        Map.of("inside", inside),
        "lines",
        List.of(Map.of("inside", line)));
  }

  @Test
  void aProposalOfSuchFilesKeepsTheirNames() throws Exception {
    write(
        "a.parquet",
        "SELECT 1::BIGINT AS \"Order ID\", 'x' AS \"Note (x)\", [{'In Side': 5}] AS lines");
    write("b.parquet", "SELECT 2::BIGINT AS \"Order ID\", 'y' AS \"Note (x)\"");

    OnboardPlan plan = owner().onboard(ORDERS).from(lake()).plan();
    assertThat(plan.isAccepted()).as(plan.toString()).isTrue();
    assertThat(plan.contract().schema().getFields())
        .extracting(Schema.Field::name, field -> field.getObjectProp("meshwork.physicalName"))
        .containsExactly(
            tuple("Order_ID", "Order ID"), tuple("Note_x", "Note (x)"), tuple("lines", null));
    plan.commit();

    assertThat(rows())
        .extracting(row -> row.get("Order_ID") + " " + row.get("Note_x") + " " + row.get("lines"))
        .containsExactlyInAnyOrder("1 x [{In_Side=5}]", "2 y null");
  }

  @Test
  void registeredFilesAreReadByEachOperationThroughTheirNames() throws Exception {
    write(
        "a.parquet",
        "SELECT i::BIGINT AS \"Order ID\", 'n' || i AS \"Note (x)\", {'In Side': i::INTEGER} AS part,"
            + " [{'In Side': i::INTEGER + 1}] AS \"Line Items\" FROM range(3) t(i)");
    write(
        "b.parquet",
        "SELECT 3::BIGINT AS order_id, 'n3' AS note, {'inside': 3} AS part,"
            + " [{'In Side': 4}] AS lines");
    owner()
        .onboard(ORDERS)
        .contract(Contract.of(OrderWithPhysicalNames.class))
        .from(lake())
        .commit();
    Subscription<Map<String, Object>> subscription =
        owner().subscribe(ORDERS).name("all").purpose("a test").asMaps().commit();

    assertThat(rows())
        .containsExactlyInAnyOrder(
            row(0, "n0", 0, 1), row(1, "n1", 1, 2), row(2, "n2", 2, 3), row(3, "n3", 3, 4));
    assertThat(rowsOf(subscription)).hasSize(4).contains(row(2, "n2", 2, 3));
    try (var some =
        owner()
            .read(ORDERS)
            .asMaps()
            .where("part.inside >= 2")
            .whereIn("order_id", List.of(2, 9))
            .rows()) {
      assertThat(some.stream().toList()).containsExactly(row(2, "n2", 2, 3));
    }
    assertThat(mesh.doctorWithChecksums().problems()).isEmpty();

    write("c.parquet", "SELECT 4::BIGINT AS \"Order ID\", 'n4' AS note");
    assertThat(owner().onboard(ORDERS).refresh().commit().rowsAccepted()).isEqualTo(1);
    PublishReceipt erased = owner().erase(ORDERS).where("order_id = 1").because("asked").commit();
    assertThat(erased.rowsRemoved()).isEqualTo(1);
    for (int i = 10; i < 20; i++) {
      owner()
          .publish(ORDERS)
          .records(
              List.of(
                  new OrderWithPhysicalNames(
                      i, Optional.empty(), Optional.empty(), Optional.empty())))
          .commit();
    }
    clock.advance(Duration.ofDays(40));
    mesh.maintain().commit();

    assertThat(rows())
        .hasSize(14)
        .contains(row(0, "n0", 0, 1), row(2, "n2", 2, 3), row(3, "n3", 3, 4))
        .noneMatch(row -> row.get("order_id").equals(1L));
    owner()
        .erase(ORDERS)
        .whereIn("order_id", List.of(4))
        .because("asked")
        .withProof()
        .ignoreReaders()
        .commit();
    assertThat(rows()).hasSize(13).noneMatch(row -> row.get("order_id").equals(4L));
    assertThat(mesh.doctorWithChecksums().problems()).isEmpty();
  }

  private static List<Map<String, Object>> rowsOf(Subscription<Map<String, Object>> subscription) {
    List<Map<String, Object>> all = new ArrayList<>();
    try (var poll = subscription.poll()) {
      poll.forEach(all::add);
    }
    return all;
  }

  @Test
  void aFileWithBothNamesOfAColumnIsRefusedAtAnyDepth() throws Exception {
    for (String select :
        List.of(
            "1::BIGINT AS \"Order ID\", 2::BIGINT AS order_id",
            "1::BIGINT AS order_id, {'inside': 1, 'In Side': 2} AS part",
            "1::BIGINT AS order_id, [{'inside': 1, 'In Side': 2}] AS \"Line Items\"")) {
      write("a.parquet", "SELECT " + select);
      assertThatThrownBy(
              () ->
                  owner()
                      .onboard(ORDERS)
                      .contract(Contract.of(OrderWithPhysicalNames.class))
                      .ignoreUnknownColumns()
                      .from(lake())
                      .commit())
          .isInstanceOf(ContractViolationException.class)
          .hasMessageContaining("are the same column of the contract");
    }
  }

  @Test
  void foldersNameAColumnAsFilesDo() throws Exception {
    write("Order Day=2026-01-01/a.parquet", "SELECT 1::BIGINT AS id");
    write("Order Day=2026-01-02/a.parquet", "SELECT 2::BIGINT AS id");

    owner().onboard(ORDERS).from(lake()).commit();

    assertThat(rows())
        .containsExactlyInAnyOrder(
            Map.of("id", 1L, "Order_Day", LocalDate.of(2026, 1, 1)),
            Map.of("id", 2L, "Order_Day", LocalDate.of(2026, 1, 2)));
    write("Order Day=2026-01-03/a.parquet", "SELECT 3::BIGINT AS id, 4 AS \"Order_Day\"");
    assertThatThrownBy(() -> owner().onboard(ORDERS).refresh().commit())
        .isInstanceOf(ContractViolationException.class)
        .hasMessageContaining("'Order_Day'");
  }

  @Test
  void laterFilesWithANameThatTheFirstFilesCouldNotHaveAreRefused() throws Exception {
    write("a.parquet", "SELECT 1::BIGINT AS \"Order ID\"");
    owner()
        .onboard(ORDERS)
        .contract(Contract.of(OrderWithPhysicalNames.class))
        .from(lake())
        .commit();
    Schema schema = Contract.of(OrderWithPhysicalNames.class).schema();
    owner()
        .amendContract(
            ORDERS,
            Contract.of(
                new Schema.Parser().parse(schema.toString().replace("Order ID", "Order Number"))))
        .commit();
    write("b.parquet", "SELECT 2::BIGINT AS \"Order Number\"");

    assertThatThrownBy(() -> owner().onboard(ORDERS).refresh().commit())
        .isInstanceOf(ConflictException.class)
        .hasMessageContaining("other names in files")
        .hasMessageContaining("files(..)");
    owner().publish(ORDERS).files(lake().resolve("b.parquet")).commit();
    assertThat(rows()).extracting(row -> row.get("order_id")).containsExactlyInAnyOrder(1L, 2L);
  }

  @Test
  void aColumnWithoutANameIsNamedByItsFileAndItsPosition() throws Exception {
    write("a.parquet", "SELECT 1 AS a");
    write("b.parquet", "SELECT 1 AS a, {'x': 1, ' ': 2} AS b");

    assertThatThrownBy(() -> owner().onboard(ORDERS).from(lake()).plan())
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContainingAll("root:lake/b.parquet", "field 2 of its column 'b' has no name");
  }
}
