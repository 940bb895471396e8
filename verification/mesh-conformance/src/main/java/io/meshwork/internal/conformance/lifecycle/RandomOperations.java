package io.meshwork.internal.conformance.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.meshwork.MeshClient;
import io.meshwork.contract.Contract;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.MeshException;
import io.meshwork.internal.conformance.fixture.MeshFixture;
import io.meshwork.internal.conformance.lifecycle.ProductModel.Phase;
import io.meshwork.maintenance.Maintain;
import io.meshwork.product.Principal;
import io.meshwork.publish.Erase;
import io.meshwork.publish.Publish;
import io.meshwork.publish.PublishReceipt;
import io.meshwork.rollout.MajorRollout;
import io.meshwork.rollout.StartRollout;
import io.meshwork.testkit.Faults;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.apache.avro.generic.GenericRecord;
import org.jspecify.annotations.Nullable;

/**
 * Random operations on one product: publishes, erases, rollbacks, rollouts to the next major
 * version with and without a mapping, moves of consumers, row rights, suspensions, amendments, and
 * maintenance. After each one, every major version has the rows of the model, and so does every
 * copy once it has no more batches. An operation that the product refuses changes nothing.
 */
final class RandomOperations {
  private static final String ORDERS = MeshFixture.ORDERS;
  private static final Principal JUNIOR = Principal.of("finance", "junior");
  private static final int MANY = 500;

  private final MeshFixture suite;
  private final Random random;
  private final Interference interference;
  private final ProductModel model = new ProductModel();
  private final Map<Integer, MajorColumns> columns = new HashMap<>(Map.of(1, MajorColumns.FIRST));
  private final Map<String, Predicate<ModelRow>> filters = new TreeMap<>();
  private final List<ConsumerCopy> copies = new ArrayList<>();
  private final List<String> log = new ArrayList<>();
  private long nextId;
  private int amendments;
  private RowFilter rights = new RowFilter("id >= 5", row -> row.id() >= 5);
  private String rightsGrant = "";
  private Instant suspendedUntil = Instant.MIN;

  /** The effects of what runs while another operation runs; null otherwise. */
  private @Nullable List<Runnable> beside;

  RandomOperations(MeshFixture suite, long seed, Interference interference) {
    this.suite = suite;
    this.random = new Random(seed);
    this.interference = interference;
    log.add("seed " + seed);
  }

  /** Runs this many operations. */
  void run(int operations) {
    MeshClient shop = suite.registerShop();
    MeshClient finance = suite.registerFinance();
    shop.defineProduct(ORDERS).contract(MajorColumns.FIRST.contract()).commit();
    shop.grant(ORDERS).to(finance.principal()).because("test").commit();
    rightsGrant = grantRights();
    RowFilter some = new RowFilter("{city} <> 'b'", row -> !row.city().equals("b"));
    Supplier<RowFilter> every = () -> RowFilter.ALL;
    copies.add(new ConsumerCopy("all", () -> suite.as("finance"), RowFilter.ALL, every));
    copies.add(new ConsumerCopy("some", () -> suite.as("finance"), some, every));
    copies.add(
        new ConsumerCopy(
            "granted", () -> suite.mesh.clientAs(JUNIOR), RowFilter.ALL, () -> rights));
    copies.forEach(copy -> copy.subscribe(1, MajorColumns.FIRST));
    try {
      for (int i = 0; i < operations; i++) {
        operate();
        check();
      }
      if (isSuspended()) {
        suspendOrResume();
      }
      copies.stream()
          .filter(ConsumerCopy::isSubscribed)
          .filter(this::isReadable)
          .forEach(copy -> poll(copy, MANY));
      suite.assertWhole();
    } catch (AssertionError | RuntimeException e) {
      throw new AssertionError(String.join("\n", log), e);
    }
  }

  private void operate() {
    List<Runnable> operations =
        List.of(
            this::append,
            this::append,
            this::replaceWhere,
            this::replaceAll,
            this::erase,
            this::republish,
            this::rollBack,
            this::rollOut,
            this::rollOut,
            this::rollOut,
            this::migrate,
            this::migrate,
            this::pollAny,
            this::pollAny,
            this::pollAny,
            this::move,
            this::subscribeAgain,
            this::changeRights,
            this::suspendOrResume,
            this::addColumn,
            this::maintain,
            this::passTime);
    attempt(operations.get(random.nextInt(operations.size())));
  }

  /** Runs an operation that may be refused. */
  private void attempt(Runnable operation) {
    try {
      operation.run();
    } catch (MeshException refused) {
      log.add("refused: " + refused.getMessage());
    }
  }

  Random random() {
    return random;
  }

  ProductModel model() {
    return model;
  }

  Faults faults() {
    return suite.faults;
  }

  void log(String line) {
    log.add(line);
  }

  /** Commits an operation with an effect on the rows, or on what a publish writes. */
  private void commit(String what, Runnable commit, Runnable effect) {
    log.add(what + ", while " + model.phase + " and publishes write " + model.written);
    if (beside != null) {
      commit.run();
      effect.run();
      beside.add(effect);
    } else {
      interference.commit(this, commit, effect);
    }
  }

  /**
   * Commits a change of rows, which only another operation or a fault can prevent; and an erase
   * from major versions without a common row, which cannot be compared.
   */
  private void commitRows(String what, Runnable commit, Runnable effect) {
    try {
      commit(what, commit, effect);
    } catch (MeshException refused) {
      if (refused.errorCode() == ErrorCode.STATE_CONFLICT && haveNoCommonRow()) {
        throw refused;
      }
      assertThat(interference).as(refused.getMessage()).isNotEqualTo(Interference.NONE);
      throw refused;
    }
  }

  private boolean haveNoCommonRow() {
    Collection<List<ModelRow>> majors = model.rows.values();
    return majors.stream()
        .anyMatch(one -> majors.stream().anyMatch(other -> Collections.disjoint(one, other)));
  }

  /** Runs an operation while another one runs, and adds its effect. */
  void operateBeside(List<Runnable> effects) {
    beside = effects;
    try {
      List<Runnable> operations =
          List.of(this::append, this::replaceWhere, this::replaceAll, this::erase, this::rollOut);
      attempt(operations.get(random.nextInt(operations.size())));
    } finally {
      beside = null;
    }
  }

  /** Returns how rows differ from the model; null if they do not. */
  @Nullable String difference() {
    try {
      check();
      return null;
    } catch (AssertionError | MeshException e) {
      return String.valueOf(e.getMessage());
    }
  }

  private void check() {
    model.rows.forEach(
        (major, rows) ->
            assertThat(rows(major))
                .as("rows of major version %s", major)
                .containsExactlyInAnyOrderElementsOf(rows));
  }

  private List<ModelRow> rows(int major) {
    return MeshFixture.all(suite.shop().read(ORDERS).majorVersion(major).asMaps()).stream()
        .map(columns(major)::row)
        .toList();
  }

  private MajorColumns columns(int major) {
    return Objects.requireNonNull(columns.get(major));
  }

  private int anyOf(Collection<Integer> majors) {
    return List.copyOf(majors).get(random.nextInt(majors.size()));
  }

  private RowFilter filter() {
    RowFilter filter = RowFilter.random(random, nextId);
    columns.values().forEach(names -> filters.put(words(filter.text(names)), filter.matches()));
    return filter;
  }

  private Predicate<ModelRow> matches(String text) {
    return Objects.requireNonNull(filters.get(words(text)), text);
  }

  /** A filter without what two notations of it differ in. */
  private static String words(String text) {
    return text.toLowerCase(Locale.ROOT).replaceAll("[() ]", "");
  }

  /** Rows that match, and sometimes one that breaks the contract. */
  private List<ModelRow> offered(Predicate<ModelRow> matches) {
    List<ModelRow> offered = new ArrayList<>();
    for (int i = random.nextInt(8); i > 0; i--) {
      Optional<Integer> items =
          random.nextInt(5) == 0 ? Optional.empty() : Optional.of(random.nextInt(10));
      ModelRow row = new ModelRow(nextId++, RowFilter.city(random), items);
      if (matches.test(row)) {
        offered.add(row);
      }
    }
    if (offered.size() > 2 && random.nextInt(3) == 0) {
      offered.add(new ModelRow(nextId++, RowFilter.city(random), Optional.of(-1)));
    }
    return offered;
  }

  /** The major versions that may get the rows of a publish, now or once the rollout is active. */
  private SortedSet<Integer> besides(int major) {
    SortedSet<Integer> others = new TreeSet<>(model.written);
    if (model.phase != Phase.NONE) {
      others.add(model.from);
      others.add(model.to);
    }
    others.remove(major);
    others.removeIf(other -> model.phase == Phase.RETIRED && other == model.from);
    return others;
  }

  /** Publishes rows of a major version, with a mapping to each other one. */
  private Publish<Map<String, Object>> publish(
      int major, List<ModelRow> rows, Optional<RowFilter> filter) {
    MajorColumns own = columns(major);
    Publish<Map<String, Object>> publish =
        suite
            .shop()
            .publish(ORDERS)
            .allowEmpty()
            .majorVersion(major)
            .records(rows.stream().map(own::values).toList());
    for (int other : besides(major)) {
      MajorColumns names = columns(other);
      Function<Map<String, Object>, Map<String, Object>> mapping =
          values -> names.values(own.row(values));
      publish =
          filter.isPresent()
              ? publish.alsoTo(other, mapping, filter.orElseThrow().text(names))
              : publish.alsoTo(other, mapping);
    }
    return publish;
  }

  private void commit(
      String what,
      Supplier<PublishReceipt> publish,
      Predicate<ModelRow> replaced,
      List<ModelRow> rows) {
    AtomicReference<@Nullable PublishReceipt> receipt = new AtomicReference<>();
    commitRows(
        what + " " + rows,
        () -> receipt.set(publish.get()),
        () -> {
          model.publish(replaced, rows);
          remember(receipt.get());
        });
  }

  private void remember(@Nullable PublishReceipt receipt) {
    if (receipt != null && receipt.major() == model.current) {
      receipt
          .snapshotId()
          .ifPresent(
              id -> model.snapshots.put(id, Objects.requireNonNull(model.rows.get(model.current))));
    }
  }

  private void append() {
    List<ModelRow> rows = offered(row -> true);
    Publish<?> publish = publish(anyOf(model.written), rows, Optional.empty());
    commit("append", publish::commit, row -> false, rows);
  }

  private void replaceWhere() {
    int major = anyOf(model.written);
    RowFilter filter = filter();
    List<ModelRow> rows = offered(filter.matches()).stream().filter(filter.matches()).toList();
    String text = filter.text(columns(major));
    Publish<?> publish = publish(major, rows, Optional.of(filter)).replaceWhere(text);
    commit("replace where " + text, publish::commit, filter.matches(), rows);
  }

  private void replaceAll() {
    List<ModelRow> rows = offered(row -> true);
    Publish<?> publish = publish(anyOf(model.written), rows, Optional.empty()).replaceAll();
    commit("replace all", publish::commit, row -> true, rows);
  }

  private void erase() {
    RowFilter filter = filter();
    String text = filter.text(columns(model.current));
    Erase erase = suite.shop().erase(ORDERS).where(text).because("test");
    for (int other : columns.keySet()) {
      if (!filter.text(columns(other)).equals(text)) {
        erase = erase.where(other, filter.text(columns(other)));
      }
    }
    Erase whole = erase;
    commitRows("erase " + text, () -> whole.commit(), () -> model.erase(filter.matches()));
  }

  /** Publishes quarantined rows with other values. */
  private void republish() {
    MajorColumns own = columns(model.current);
    List<ModelRow> corrected = new ArrayList<>();
    Publish.StoredRows<Map<String, Object>> rows =
        suite
            .shop()
            .publish(ORDERS)
            .majorVersion(model.current)
            .republish(
                "row_number >= 0",
                values -> {
                  ModelRow bad = own.row(values);
                  ModelRow good = new ModelRow(bad.id(), bad.city(), Optional.of(7));
                  corrected.add(good);
                  return own.values(good);
                });
    for (int other : besides(model.current)) {
      MajorColumns names = columns(other);
      rows = rows.alsoTo(other, values -> names.values(own.row(values)));
    }
    PublishReceipt receipt = rows.commit();
    log.add("republish " + corrected);
    model.publish(row -> false, corrected);
    remember(receipt);
  }

  private void rollBack() {
    if (model.snapshots.isEmpty()) {
      return;
    }
    List<String> snapshots = List.copyOf(model.snapshots.keySet());
    String snapshot = snapshots.get(random.nextInt(snapshots.size()));
    List<ModelRow> rows = Objects.requireNonNull(model.snapshots.get(snapshot));
    commit(
        "roll back to " + snapshot,
        () -> suite.shop().rollBack(ORDERS).to(snapshot).because("test").commit(),
        () -> model.rows.put(model.current, rows));
  }

  private void rollOut() {
    switch (model.phase) {
      case NONE -> start();
      case PLANNED -> activateOrAbort();
      case PARALLEL -> closeOrAbort();
      case CLOSING -> retire();
      case RETIRED -> afterRetirement();
      case RESTORED -> fillRestored();
    }
  }

  private MajorRollout rollout() {
    return suite.shop().rollout(ORDERS);
  }

  private void start() {
    MajorColumns before = columns(model.current);
    boolean renames = random.nextBoolean();
    MajorColumns next = renames ? before.renamed() : before.replaced();
    boolean history = random.nextInt(3) > 0;
    StartRollout start =
        suite.shop().startRollout(ORDERS).contract(next.contract()).because("test");
    start = renames ? start.renameColumn(before.city(), next.city()) : start;
    MajorRollout started = (history ? start : start.withoutHistory()).commit();
    log.add("start " + started.to() + (history ? "" : " without history"));
    columns.put(started.to(), next);
    model.start(started.to(), history);
    if (beside != null) {
      int to = started.to();
      beside.add(() -> model.start(to, history));
    }
  }

  /** Copies rows of one major version of the rollout to the other. */
  private void backFill(int from, int to) {
    MajorColumns old = columns(from);
    MajorColumns names = columns(to);
    (old.items().equals(names.items())
            ? rollout().backFill()
            : rollout().backFill((GenericRecord values) -> names.values(old.row(values))))
        .commit();
    log.add("back-fill " + to);
  }

  private void activateOrAbort() {
    int kind = random.nextInt(6);
    if (kind == 0) {
      abort();
    } else if (kind == 1) {
      rollout().announce().commit();
    } else {
      if (model.hasHistory) {
        backFill(model.from, model.to);
      }
      if (kind > 2) {
        commit("activate", () -> rollout().activate().commit(), model::activate);
      }
    }
  }

  private void abort() {
    commit("abort", () -> rollout().abort().because("test").commit(), model::abort);
  }

  private void closeOrAbort() {
    switch (random.nextInt(6)) {
      case 0 -> abort();
      case 1 -> rollout().announce().commit();
      case 2 -> commit("make current", () -> rollout().makeCurrent().commit(), model::makeCurrent);
      default -> commit("close", () -> rollout().close().commit(), model::close);
    }
  }

  private void retire() {
    commit("retire", () -> rollout().retire().commit(), model::retire);
  }

  private void afterRetirement() {
    switch (random.nextInt(4)) {
      case 0 ->
          commit("purge", () -> rollout().purge().because("test").commit(), this::purged);
      case 1 -> {
        AtomicBoolean lacksRows = new AtomicBoolean();
        commit(
            "restore",
            () -> rollout().restore().because("test").commit(),
            () -> {
              lacksRows.set(lacksRows.get() || rollout().newOnlySince().isPresent());
              model.restore(lacksRows.get());
            });
      }
      default -> {
        model.phase = Phase.NONE;
        start();
      }
    }
  }

  private void purged() {
    columns.remove(model.from);
    model.purge();
  }

  private void fillRestored() {
    backFill(model.to, model.from);
    List<ModelRow> filled = rows(model.from);
    assertThat(filled).containsAll(model.rows.get(model.to));
    if (model.hasHistory) {
      assertThat(filled).hasSameSizeAs(model.rows.get(model.to));
    }
    model.fillRestored(filled);
  }

  /** Announces the rollout, moves all consumers, and lets their notice pass. */
  private void migrate() {
    if (isSuspended() || (model.phase != Phase.PARALLEL && model.phase != Phase.CLOSING)) {
      return;
    }
    log.add("migrate");
    attempt(() -> rollout().announce().commit());
    for (ConsumerCopy copy : copies) {
      if (copy.major() != model.to || !copy.isSubscribed()) {
        copy.subscribe(model.to, columns(model.to));
      }
      poll(copy, 1 + random.nextInt(20));
    }
    suite.clock.advance(Duration.ofDays(random.nextInt(80)));
    copies.forEach(copy -> poll(copy, 1));
  }

  private void pollAny() {
    ConsumerCopy copy = copies.get(random.nextInt(copies.size()));
    log.add("poll " + copy.name + " of " + copy.major());
    if (!copy.isSubscribed()) {
      return;
    }
    if (isReadable(copy)) {
      poll(copy, random.nextInt(4) == 0 ? MANY : 1 + random.nextInt(2));
    } else {
      assertThatThrownBy(() -> poll(copy, 1)).isInstanceOf(MeshException.class);
    }
  }

  private void poll(ConsumerCopy copy, int most) {
    copy.poll(most, this::matches, model);
  }

  private boolean isReadable(ConsumerCopy copy) {
    return model.isOpen(copy.major()) && !isSuspended();
  }

  private void move() {
    ConsumerCopy copy = copies.get(random.nextInt(copies.size()));
    int major = model.isParallel() && random.nextInt(4) == 0 ? model.from : model.current;
    log.add("move " + copy.name + " from " + copy.major() + " to " + major);
    copy.subscribe(major, columns(major));
  }

  private void subscribeAgain() {
    ConsumerCopy copy = copies.get(random.nextInt(copies.size()));
    log.add("subscribe again: " + copy.name);
    if (copy.isSubscribed()) {
      copy.unsubscribe();
    }
    copy.subscribe(model.current, columns(model.current));
  }

  private void changeRights() {
    boolean onAnyColumn = model.phase == Phase.NONE || model.phase == Phase.RETIRED;
    long id = random.nextInt((int) nextId + 1);
    RowFilter ids = new RowFilter("id >= " + id, row -> row.id() >= id);
    String before = rightsGrant;
    RowFilter next = onAnyColumn ? filter() : ids;
    log.add("grant the rows " + next.template());
    rights = next;
    rightsGrant = grantRights();
    if (!rightsGrant.equals(before)) {
      suite.shop().revoke(before).because("test").commit();
    }
  }

  private String grantRights() {
    return suite
        .shop()
        .grant(ORDERS)
        .to(JUNIOR)
        .rows(rights.text(columns(model.current)))
        .because("test")
        .commit()
        .get(0)
        .id();
  }

  private boolean isSuspended() {
    return suite.clock.instant().isBefore(suspendedUntil);
  }

  private void suspendOrResume() {
    if (isSuspended()) {
      suite.shop().governance().resumeReads(ORDERS).commit();
      suspendedUntil = Instant.MIN;
    } else if (random.nextInt(3) == 0) {
      suite.shop().governance().suspendReads(ORDERS).because("test").commit();
      suspendedUntil = suite.clock.instant().plus(Duration.ofHours(72));
    }
    log.add("suspended until " + suspendedUntil);
  }

  private void addColumn() {
    if (amendments == 5) {
      return;
    }
    Schema added =
        SchemaBuilder.record("Order").fields().optionalString("note_" + amendments).endRecord();
    int major = anyOf(model.written);
    suite
        .shop()
        .amendContract(ORDERS)
        .majorVersion(major)
        .change(contract -> contract.addColumns(Contract.of(added)))
        .commit();
    log.add("add a column to " + major);
    amendments++;
  }

  private void maintain() {
    Maintain maintain = suite.mesh.maintain().compactAtLeast(2 + random.nextInt(4));
    maintain.keepSnapshotsFor(Duration.ofDays(1 + random.nextInt(10))).commit();
    log.add("maintain");
    model.snapshots.clear();
  }

  private void passTime() {
    suite.clock.advance(
        random.nextBoolean()
            ? Duration.ofDays(random.nextInt(20))
            : Duration.ofMinutes(random.nextInt(600)));
    log.add(suite.clock.instant().toString());
  }
}
