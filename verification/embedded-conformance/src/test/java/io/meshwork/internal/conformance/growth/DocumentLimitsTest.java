package io.meshwork.internal.conformance.growth;

import static io.meshwork.contract.Partition.by;
import static io.meshwork.event.MeshEvent.Type.PRODUCT_FRESH;
import static io.meshwork.event.MeshEvent.Type.PRODUCT_LATE;
import static io.meshwork.event.MeshEvent.Type.PRODUCT_SNAPSHOTS_EXPIRED;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.Mesh;
import io.meshwork.MeshClient;
import io.meshwork.access.AccessClient;
import io.meshwork.consume.Batch;
import io.meshwork.consume.Subscription;
import io.meshwork.contract.Contract;
import io.meshwork.error.AccessDeniedException;
import io.meshwork.error.BackendException;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.event.MeshEvent;
import io.meshwork.internal.catalog.RegistryKeys;
import io.meshwork.internal.conformance.fixture.MeshFixture;
import io.meshwork.internal.conformance.fixture.Note;
import io.meshwork.internal.ledger.DocumentJson;
import io.meshwork.internal.ledger.UnloggedDocuments;
import io.meshwork.internal.runtime.IdGenerator;
import io.meshwork.local.LocalMesh;
import io.meshwork.product.Principal;
import io.meshwork.product.ProductName;
import io.meshwork.publish.Erase;
import io.meshwork.registry.Registry;
import io.meshwork.registry.Registry.Document;
import io.meshwork.registry.Registry.Key;
import io.meshwork.registry.Registry.Outcome;
import io.meshwork.registry.Registry.Transaction;
import io.meshwork.rollout.Rollout;
import io.meshwork.rollout.StewardRequest;
import io.meshwork.testkit.ManualClock;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Documents and transactions of the registry stay within its limits in a mesh with thousands of
 * subscriptions, files, and products, and with many accounts. What takes long to create is copied
 * in the registry.
 */
class DocumentLimitsTest {
  private static final String ORDERS = "shop/orders";
  private static final int MANY = 3_200;
  private static final String WIDE = "Ж".repeat(34);

  @SuppressWarnings("NullAway.Init") // JUnit makes it before each test
  @TempDir
  private Path folder;

  @SuppressWarnings("NullAway.Init") // JUnit makes it before each test
  @TempDir
  private Path lake;

  private final ManualClock clock = ManualClock.at(Instant.parse("2026-01-01T00:00:00Z"));

  @SuppressWarnings("NullAway.Init") // the mesh is opened through it
  private Registry registry;

  @SuppressWarnings("NullAway.Init") // opened before each test
  private Mesh mesh;

  record RegionalOrder(long id, String region) {}

  /** The same in files whose names are twice as long. */
  record Placed(long id, String region, String place) {}

  /** The same with a column that readers do not know. */
  private static final Contract LATER =
      Contract.of(RegionalOrder.class).addColumns(Contract.of(Note.class));

  @BeforeEach
  void open() {
    mesh =
        LocalMesh.builder(folder, Map.of("lake", lake))
            .clock(clock)
            .testing()
            .wrapRegistry(real -> registry = real)
            .open();
    shop().registerDomain("shop").owner("s@x").commit();
  }

  @AfterEach
  void close() {
    mesh.close();
  }

  private MeshClient shop() {
    return as("shop");
  }

  private MeshClient as(String account) {
    return mesh.clientAs(Principal.of(account, "etl"));
  }

  private void define() {
    shop()
        .defineProduct(ORDERS)
        .contract(Contract.of(RegionalOrder.class))
        .partitionBy(by("region"))
        .openToMesh()
        .commit();
  }

  private void publish(int... ids) {
    publish(IntStream.of(ids).mapToObj(id -> new RegionalOrder(id, "x")).toList());
  }

  private void publish(List<RegionalOrder> orders) {
    shop().publish(ORDERS).records(orders).commit();
  }

  private Erase.WithProof erase(String filter) {
    return shop()
        .erase(ORDERS)
        .where(filter)
        .because("They asked.")
        .idempotencyKey("erasure")
        .timeout(Duration.ofMinutes(5))
        .withProof();
  }

  /** Writes to the registry as nothing but a copy of a whole mesh would. */
  private void write(List<Map.Entry<Key, String>> documents) {
    for (int from = 0; from < documents.size(); from += Transaction.MAX_ACTIONS) {
      String id = IdGenerator.secure(clock).next();
      Transaction.Builder transaction =
          Transaction.attempt(id.substring(0, 14) + "8" + id.substring(15));
      documents
          .subList(from, Math.min(documents.size(), from + Transaction.MAX_ACTIONS))
          .forEach(each -> transaction.insert(each.getKey(), each.getValue()));
      assertThat(registry.commit(transaction.build())).isEqualTo(Outcome.COMMITTED);
    }
  }

  private List<Document> documents(String sortPrefix) {
    List<Document> found = new ArrayList<>();
    for (String partition : registry.partitions()) {
      String cursor = null;
      do {
        Registry.Page page = registry.list(partition, sortPrefix, cursor);
        found.addAll(page.documents());
        cursor = page.nextCursor();
      } while (cursor != null);
    }
    return found;
  }

  @Test
  void anErasureThatIgnoresThousandsOfReadersEnds() {
    define();
    publish(1, 2);
    as("finance").registerDomain("finance").owner("f@x").commit();
    Subscription<RegionalOrder> subscription =
        as("finance").subscribe(ORDERS).name("s0").purpose("test").as(RegionalOrder.class).commit();
    try (Batch<RegionalOrder> batch = subscription.poll()) {
      batch.ack();
    }
    publish(3);
    copy(documents(UnloggedDocuments.POSITIONS).get(0), MANY);

    Erase.Proof proof = erase("id = 3").ignoreReaders().commit();

    assertThat(proof.snapshotsExpired()).isPositive();
    assertThat(proof.readersPassed()).hasSizeBetween(100, MANY);
    assertThat(proof.readersPassed().get(proof.readersPassed().size() - 1))
        .isEqualTo(
            MANY
                - proof.readersPassed().size()
                + 1
                + " more such sentences about readers are not listed.");
    assertThat(erase("id = 3").ignoreReaders().commit()).isEqualTo(proof);
    assertThat(documents(RegistryKeys.ERASING)).isEmpty();
    assertThat(mesh.doctor().problems()).isEmpty();
  }

  @Test
  void thousandsOfSubscribersLearnTwiceThatAProductIsLate() {
    subscribeThousands(MANY);
    publish(1);
    for (int episode = 0; episode < 2; episode++) {
      clock.advance(Duration.ofHours(30));
      maintain();
      publish(2);
      clock.advance(Duration.ofMinutes(5));
      maintain();
    }

    assertThat(shop().events(ORDERS).list())
        .extracting(MeshEvent::type)
        .filteredOn(type -> type == PRODUCT_LATE || type == PRODUCT_FRESH)
        .containsExactly(PRODUCT_LATE, PRODUCT_FRESH, PRODUCT_LATE, PRODUCT_FRESH);
  }

  private void maintain() {
    assertThat(mesh.maintain().commit().remaining()).isEmpty();
  }

  @Tag("nightly")
  @Test
  void aProductWithThousandsOfSubscriptionsIsRetiredByForce() {
    subscribeThousands(MANY);
    publish(1);
    Principal steward = Principal.of("platform", "steward");
    shop().governance().appoint(steward).commit();

    shop().endProduct(ORDERS).because("Sold").commit().announce().commit().close().commit();
    clock.advance(Duration.ofDays(91));
    publish(2);
    StewardRequest request =
        shop().productEnd(ORDERS).retireByForce().because("Cost").commit().pending().get(0);
    assertThat(request.consumers()).hasSize(MANY);
    mesh.clientAs(steward).governance().approve(request).commit();
    shop().productEnd(ORDERS).retireByForce().because("Cost").commit();

    assertThat(shop().productEnd(ORDERS).state()).isEqualTo(Rollout.State.RETIRED);
  }

  private void subscribeThousands(int count) {
    shop()
        .defineProduct(ORDERS)
        .contract(Contract.of(RegionalOrder.class).freshWithin(Duration.ofHours(1)))
        .openToMesh()
        .commit();
    as("finance").registerDomain("finance").owner("f@x").commit();
    as("finance").subscribe(ORDERS).name("s0").purpose("test").as(RegionalOrder.class).commit();
    copy(documents(RegistryKeys.SUBSCRIPTIONS).get(0), count);
  }

  /** Copies a document of subscription s0 to others. */
  private void copy(Document first, int count) {
    write(
        IntStream.range(1, count)
            .mapToObj(
                i -> {
                  String name = "subscription_with_a_name_that_is_as_long_as_names_are_" + i;
                  ObjectNode json = DocumentJson.parseObject("s0", first.json());
                  Key key =
                      new Key(
                          first.key().partition(), first.key().sort().replaceFirst("s0$", name));
                  return Map.entry(key, DocumentJson.write(json.put("name", name)));
                })
            .toList());
  }

  @Test
  void anErasureOfThousandsOfFilesWithLongNamesOfWhichHalfAreMissingEnds() throws IOException {
    define();
    publish(
        IntStream.range(0, 2_100)
            .mapToObj(id -> new RegionalOrder(id, WIDE + (1000 + id)))
            .toList());
    try (Stream<Path> files = Files.walk(folder.resolve("data"))) {
      List<Path> rows = files.filter(file -> file.toString().endsWith(".parquet")).toList();
      assertThat(rows).hasSizeGreaterThan(2_000);
      publish(List.of(new RegionalOrder(5_000, "x")));
      shop().publish(ORDERS).replaceAll().records(List.of(new RegionalOrder(5_001, "x"))).commit();
      rows.subList(0, rows.size() / 2).forEach(DocumentLimitsTest::delete);
    }

    Erase.Proof proof = erase("id < 6000").commit();

    assertThat(proof.filesDeleted()).isGreaterThan(1_000);
    assertThat(proof.outOfReach()).anyMatch(each -> each.endsWith("about files are not listed."));
    assertThat(proof.outOfReach().get(proof.outOfReach().size() - 1)).startsWith("Backups of");
    assertThat(documents(RegistryKeys.ERASING)).isEmpty();
  }

  @Tag("nightly")
  @Test
  void anErasureOfMoreFilesThanATransactionNamesEnds() {
    shop()
        .defineProduct(ORDERS)
        .contract(Contract.of(Placed.class))
        .partitionBy(by("region"), by("place"))
        .commit();
    List<Placed> orders =
        IntStream.range(0, 4_700)
            .mapToObj(id -> new Placed(id, WIDE + (1000 + id), WIDE + (1000 + id)))
            .toList();
    shop().publish(ORDERS).records(orders).commit();
    shop().publish(ORDERS).replaceAll().records(List.of(new Placed(4_900, "x", "x"))).commit();

    Erase.Proof proof = erase("id < 4800").commit();

    assertThat(proof.filesDeleted()).isBetween(4_700L, 4_800L);
    assertThat(proof.snapshotsExpired()).isPositive();
    assertThat(shop().events(ORDERS).list())
        .filteredOn(event -> event.type() == PRODUCT_SNAPSHOTS_EXPIRED)
        .hasSizeGreaterThan(1);
    assertThat(mesh.doctor().problems()).isEmpty();
  }

  @Test
  void anEraseOfRowsInAThousandFilesOfAnotherProgramWithLongPathsEnds() throws Exception {
    String name = "a".repeat(240);
    Path deep = Files.createDirectories(lake.resolve(name).resolve(name));
    Path first = deep.resolve("0.parquet");
    try (Connection duckDb = DriverManager.getConnection("jdbc:duckdb:");
        Statement statement = duckDb.createStatement()) {
      statement.execute(
          "COPY (SELECT i AS id, 'x' AS region FROM range(2) t(i)) TO '"
              + first
              + "' (FORMAT parquet)");
    }
    for (int i = 1; i < 1_000; i++) {
      Files.copy(first, deep.resolve(i + ".parquet"));
    }
    shop().onboard(ORDERS).contract(Contract.of(RegionalOrder.class)).from(lake).commit();

    assertThat(shop().erase(ORDERS).where("id = 1").because("They asked.").commit().rowsRemoved())
        .isEqualTo(1_000);
    assertThat(shop().publishHistory(ORDERS).receipts()).hasSize(2);
  }

  private static void delete(Path file) {
    try {
      Files.delete(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void anErasureThatWasInterruptedAHundredTimesIsProved() {
    define();
    publish(1, 2);
    write(
        IntStream.range(0, 120)
            .mapToObj(
                i ->
                    Map.entry(
                        new Key(
                            RegistryKeys.partition(ProductName.of(ORDERS)),
                            RegistryKeys.erasing("erasure") + i),
                        "{\"format\":1,\"table\":\"orders_v1\",\"snapshots\":1}"))
            .toList());

    Erase.Proof proof = erase("id = 1").commit();

    assertThat(proof.snapshotsExpired()).isGreaterThan(120);
    assertThat(documents(RegistryKeys.ERASING)).isEmpty();
    assertThat(erase("id = 1").commit()).isEqualTo(proof);
  }

  /** As after the first of several transactions that record the files of one expiration. */
  @Test
  void filesRecordedBeforeTheirSnapshotExpiresStayWhileItsManifestListIsDamaged()
      throws IOException {
    define();
    publish(1, 2);
    List<Path> rows = files(".parquet");
    List<Path> lists = files(".avro", "snap-");
    shop()
        .publish(ORDERS)
        .replaceAll()
        .records(List.of(new RegionalOrder(3, "x"), new RegionalOrder(4, "x")))
        .commit();
    shop().erase(ORDERS).where("id = 3").because("They asked.").idempotencyKey("erasure").commit();
    Path table = folder.resolve("data/shop/orders_v1");
    String names =
        rows.stream()
            .map(file -> '"' + table.relativize(file).toString().replace('\\', '/') + '"')
            .collect(Collectors.joining(","));
    write(
        List.of(
            Map.entry(
                new Key(
                    RegistryKeys.partition(ProductName.of(ORDERS)),
                    RegistryKeys.erasing("erasure") + 0),
                "{\"format\":1,\"table\":\"orders_v1\",\"snapshots\":0,\"files\":["
                    + names
                    + "]}")));
    assertThat(lists).hasSize(1);
    Files.writeString(lists.get(0), "damaged");

    assertThatThrownBy(() -> erase("id = 3").commit())
        .isInstanceOfSatisfying(
            BackendException.class,
            e -> assertThat(e.errorCode()).isEqualTo(ErrorCode.DATA_DAMAGED));

    assertThat(rows).hasSize(1).allSatisfy(file -> assertThat(file).exists());
  }

  private List<Path> files(String end, String... parts) throws IOException {
    try (Stream<Path> files = Files.walk(folder.resolve("data"))) {
      return files
          .filter(file -> file.toString().endsWith(end))
          .filter(file -> Stream.of(parts).allMatch(file.toString()::contains))
          .toList();
    }
  }

  @Test
  void aDomainAuthorizesExecutorsOfFiftyAccountsUntilOthersAreWithdrawn() {
    shop().defineProduct(ORDERS).contract(Contract.of(RegionalOrder.class)).commit();
    publish(1);
    as("finance").registerDomain("finance").owner("f@x").commit();
    String first = authorize(accounts("a", 0, 25));
    authorize(accounts("a", 25, 50));
    assertThatThrownBy(() -> authorize("a50"))
        .isInstanceOfSatisfying(
            InvalidRequestException.class,
            e -> assertThat(e.errorCode()).isEqualTo(ErrorCode.LIMIT_EXCEEDED))
        .hasMessageContainingAll("shop", "51", "50", "a0, a1, ", "withdrawAuthorization(id)");

    as("a3").grant(ORDERS).to(Principal.of("finance", "etl")).because("They asked.").commit();
    as("finance").subscribe(ORDERS).name("s").purpose("test").as(RegionalOrder.class).commit();
    shop().amendContract(ORDERS, LATER).commit();
    assertThat(registry.read(RegistryKeys.executor("shop", "a3"))).isPresent();

    shop().access().withdrawAuthorization(first).because("They left.").commit();
    authorize("a50");
    assertThat(MeshFixture.all(as("finance").read(ORDERS).as(RegionalOrder.class))).hasSize(1);
    assertThat(shop().access().grants()).hasSize(1);
    assertThatThrownBy(
            () ->
                as("a3")
                    .grant(ORDERS)
                    .to(Principal.of("ops", "etl"))
                    .because("They asked.")
                    .commit())
        .isInstanceOf(AccessDeniedException.class);
    authorize("a3");
    as("a3").grant(ORDERS).to(Principal.of("ops", "etl")).because("They asked.").commit();
    assertThat(shop().access().grants()).hasSize(2);
    assertThat(mesh.doctor().problems()).isEmpty();
  }

  private String authorize(String... accounts) {
    return authorizeAs("shop", accounts);
  }

  private String authorizeAs(String by, String... accounts) {
    return as(by)
        .access()
        .authorize(ORDERS)
        .executorAccounts(accounts)
        .forAnyConsumer()
        .because("They share it.")
        .commit()
        .id();
  }

  private static String[] accounts(String prefix, int from, int to) {
    return IntStream.range(from, to).mapToObj(i -> prefix + i).toArray(String[]::new);
  }

  private String authorizeDelegation() {
    return shop()
        .access()
        .authorize(ORDERS)
        .executorAccounts("d")
        .forAnyConsumer()
        .allowDelegation()
        .because("It finds others.")
        .commit()
        .id();
  }

  @Test
  void executorsThatOthersAuthorizedCountUntilTheirAuthorizationsAreWithdrawn() {
    shop().defineProduct(ORDERS).contract(Contract.of(RegionalOrder.class)).commit();
    as("finance").registerDomain("finance").owner("f@x").commit();
    String delegation = authorizeDelegation();
    String few = authorizeAs("d", accounts("b", 0, 24));
    authorizeAs("d", accounts("b", 24, 49));
    assertThatThrownBy(() -> authorize("e"))
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContainingAll("51", "50", "b0, b1, ", ", d.");

    shop().access().withdrawAuthorization(few).because("They left.").commit();
    authorize("e");
    shop().access().withdrawAuthorization(delegation).because("It left.").commit();
    authorize(accounts("c", 0, 24));
    authorize(accounts("c", 24, 48));
    authorizeDelegation();
    assertThatThrownBy(() -> authorizeAs("d", "b0"))
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContainingAll("51", "50", "c0, c1, ");

    as("c1").grant(ORDERS).to(Principal.of("finance", "etl")).because("They asked.").commit();
    shop().amendContract(ORDERS, LATER).commit();
    as("finance").subscribe(ORDERS).name("s").purpose("test").as(RegionalOrder.class).commit();
  }

  @Test
  void anInvalidAccountThatAnExecutorWritesStopsNoReader() {
    shop().defineProduct(ORDERS).contract(Contract.of(RegionalOrder.class)).commit();
    publish(1);
    as("finance").registerDomain("finance").owner("f@x").commit();
    authorizeDelegation();
    authorizeAs("d", "b");
    as("b").grant(ORDERS).to(Principal.of("finance", "etl")).because("They asked.").commit();
    Document delegated =
        documents(RegistryKeys.AUTHORIZATIONS).stream()
            .filter(
                document ->
                    document.key().partition().equals(RegistryKeys.executorPartition("shop", "d")))
            .findFirst()
            .orElseThrow();
    ObjectNode json = DocumentJson.parseObject("delegated", delegated.json());
    json.putArray("executors").add("b".repeat(2_000));
    write(
        List.of(
            Map.entry(
                new Key(delegated.key().partition(), RegistryKeys.AUTHORIZATIONS + "other"),
                DocumentJson.write(json.put("id", "other")))));

    assertThat(MeshFixture.all(as("finance").read(ORDERS).as(RegionalOrder.class))).hasSize(1);
    shop().amendContract(ORDERS, LATER).commit();
  }

  @Test
  void anAuthorizationIsWithdrawnWithAnyNumberOfAccountsAndGrants() {
    define(19);
    as("finance").registerDomain("finance").owner("f@x").commit();
    int[][] sizes = {{1, 0}, {4, 19}, {5, 18}, {20, 11}, {28, 1}, {40, 1}, {50, 3}};
    for (int round = 0; round < sizes.length; round++) {
      String id = authorizeDomain(Optional.empty(), accounts("a", 0, sizes[round][0]));
      Principal reader = Principal.of("finance", "r" + round);
      for (int i = 0; i < sizes[round][1]; i++) {
        as("a0").grant("shop/p" + i).to(reader).because("They asked.").commit();
      }

      if (round % 2 == 1) {
        authorizeDomain(
            Optional.of(clock.instant().plusSeconds(60)), accounts("a", 0, sizes[round][0]));
      }
      shop().access().withdrawAuthorization(id).because("They left.").commit();

      assertThat(shop().access().authorizations()).isEmpty();
      for (int i = 0; i < sizes[round][1]; i++) {
        assertThat(
                MeshFixture.all(mesh.clientAs(reader).read("shop/p" + i).as(RegionalOrder.class)))
            .isEmpty();
      }
    }
  }

  private void define(int products) {
    for (int i = 0; i < products; i++) {
      shop().defineProduct("shop/p" + i).contract(Contract.of(RegionalOrder.class)).commit();
    }
  }

  private String authorizeDomain(Optional<Instant> end, String... accounts) {
    AccessClient.Authorize<?> authorization =
        shop().access().authorizeDomain("shop").executorAccounts(accounts).forAnyConsumer();
    end.ifPresent(authorization::until);
    return authorization.because("They share it.").commit().id();
  }

  @Test
  void aDomainIsRegisteredWithManyAccountsInSeveralCalls() {
    String[] accounts = IntStream.range(0, 120).mapToObj(i -> "a" + i).toArray(String[]::new);

    assertThatThrownBy(
            () -> as("a0").registerDomain("many").owner("m@x").accounts(accounts).commit())
        .isInstanceOfSatisfying(
            InvalidRequestException.class,
            e -> assertThat(e.errorCode()).isEqualTo(ErrorCode.LIMIT_EXCEEDED))
        .hasMessageContainingAll("domain many", "adds 120 accounts", "at most 80", "accounts(..)");

    as("a0").registerDomain("many").owner("m@x").accounts(Arrays.copyOf(accounts, 80)).commit();
    assertThat(as("a0").registerDomain("many").accounts(accounts).commit().accounts()).hasSize(120);
  }
}
