package io.meshwork.change;

import io.meshwork.contract.Compatibility;
import io.meshwork.contract.Contract;
import io.meshwork.contract.Difference;
import io.meshwork.contract.Partition;
import io.meshwork.contract.Rule;
import io.meshwork.contract.Succession;
import io.meshwork.error.ConflictException;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Finding;
import io.meshwork.internal.catalog.DomainEntry;
import io.meshwork.internal.catalog.Keys;
import io.meshwork.internal.catalog.ProductEntry;
import io.meshwork.internal.catalog.VersionEntry;
import io.meshwork.internal.schema.LegalSchema;
import io.meshwork.internal.schema.SchemaEvolution;
import io.meshwork.internal.schema.SchemaEvolution.Evolved;
import io.meshwork.internal.session.Roster;
import io.meshwork.internal.session.Session;
import io.meshwork.internal.table.FilteredColumns;
import io.meshwork.internal.table.TableColumns;
import io.meshwork.internal.table.TableName;
import io.meshwork.operation.Plan.Step;
import io.meshwork.product.ContractVersion;
import io.meshwork.product.ProductName;
import io.meshwork.product.Verdict;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.apache.iceberg.PartitionField;
import org.apache.iceberg.Table;
import org.jspecify.annotations.Nullable;

/**
 * A contract that is to follow the one in force, with all that the judgement on it rests on, as it
 * was read once.
 */
final class AmendmentCase {
  private final ProductName product;
  private final DomainEntry domain;
  private final ProductEntry entry;
  private final VersionEntry current;
  private final Contract next;
  private final TableColumns columns;
  private final Optional<Evolved> evolved;
  private final List<Rule> newOnTable;
  private final long judgedSnapshot;
  private final Map<String, String> filters;
  private final Succession succession;
  private final List<String> onlyWithoutConsumers = new ArrayList<>();
  private final List<Finding> findings = new ArrayList<>();
  private final List<AffectedConsumer> consumers;
  private final Judgement judgement;

  private AmendmentCase(
      Session session,
      ProductName product,
      @Nullable Integer major,
      UnaryOperator<Contract> change,
      boolean lookingAtConsumers,
      PresentRows present,
      String doing) {
    this.product = product;
    this.domain = session.admission().actsFor(product.domain(), doing);
    this.entry = session.catalog().requireProduct(product, doing);
    this.current =
        session
            .catalog()
            .requireVersion(product, major == null ? entry.currentMajor() : major, doing);
    checkActive(doing);
    this.next = change.apply(current.contract());
    ContractChecks.checkSize(next, doing);
    Table table = session.tables().load(TableName.of(product, current.major()));
    this.columns = TableColumns.of(table);
    NavigableMap<ContractVersion, Contract> earlier =
        session.catalog().contracts(product, current.major()).headMap(current.version(), true);
    Succession.Candidate candidate = Succession.of(next).after(earlier).countingOnlyWhatIsNew();
    Succession judged = candidate.judged();
    Succession full = candidate.under(Compatibility.FULL_TRANSITIVE);
    boolean byMode = judged.obstacles().isEmpty() && !full.obstacles().isEmpty();
    findWhatNeedsNobody(judged, byMode);
    boolean refusedAnyhow = !judged.obstacles().isEmpty();
    List<Roster.Entry> roster =
        lookingAtConsumers || refusedAnyhow || !onlyWithoutConsumers.isEmpty()
            ? Roster.of(session, product, current.major(), current.contract())
            : List.of();
    boolean counted = !onlyWithoutConsumers.isEmpty() && !roster.isEmpty();
    this.succession = byMode && counted ? full : judged;
    this.consumers = ReadColumns.affected(roster, harmful());
    findChanges();
    if (counted) {
      findings.add(liveSubscriptions(roster));
    }
    this.evolved =
        succession.difference().isEmpty() || !succession.obstacles().isEmpty()
            ? Optional.empty()
            : Optional.of(evolve(table));
    this.filters = evolved.isPresent() ? FilteredColumns.missing(next, table) : Map.of();
    this.newOnTable =
        evolved.isPresent() ? PresentRows.newOnTable(succession.difference(), next) : List.of();
    this.judgedSnapshot = newest(table);
    findOthers();
    evolved.ifPresent(
        schema -> findings.addAll(present.failing(table, schema.schema(), next, newOnTable)));
    this.judgement = judgement();
  }

  /**
   * Reads and judges.
   *
   * @param major which one; null for the current one
   * @param change gives the new contract from the one in force
   * @param lookingAtConsumers whether they are looked up even where nothing depends on them
   * @param present judges the rows that are there
   */
  static AmendmentCase of(
      Session session,
      ProductName product,
      @Nullable Integer major,
      UnaryOperator<Contract> change,
      boolean lookingAtConsumers,
      PresentRows present,
      String doing) {
    return new AmendmentCase(session, product, major, change, lookingAtConsumers, present, doing);
  }

  Judgement judged() {
    return judgement;
  }

  DomainEntry domain() {
    return domain;
  }

  ProductEntry entry() {
    return entry;
  }

  VersionEntry current() {
    return current;
  }

  Contract next() {
    return next;
  }

  Difference difference() {
    return succession.difference();
  }

  /** True if it is allowed for a product without subscriptions alone. */
  boolean needsNobody() {
    return !onlyWithoutConsumers.isEmpty();
  }

  /** The layout of files by the columns' new names. */
  List<Partition> partitioning() {
    return current.partitioning().stream()
        .map(
            part ->
                evolved
                    .map(schema -> schema.renamed().get(part.column()))
                    .map(name -> new Partition(name, part.transform(), part.size()))
                    .orElse(part))
        .toList();
  }

  /** The table's next columns; empty if it keeps those it has. */
  Optional<Evolved> tableChange() {
    return evolved.filter(schema -> !schema.schema().sameSchema(columns.schema()));
  }

  /** What the table has to say of its columns from now on; empty if it says so already. */
  Map<String, String> filters() {
    return filters;
  }

  /** True if the commit takes part in what becomes of the table. */
  boolean concernsTable() {
    return tableChange().isPresent() || !filters.isEmpty() || !newOnTable.isEmpty();
  }

  private static long newest(Table table) {
    return table.currentSnapshot() == null ? -1 : table.currentSnapshot().snapshotId();
  }

  /**
   * Goes on only if the table is as it was judged; a publish in between is a matter only where its
   * rows were judged.
   *
   * @throws ConflictException otherwise
   */
  void requireAsJudged(Table now) {
    TableColumns found = TableColumns.of(now);
    boolean moved = !newOnTable.isEmpty() && newest(now) != judgedSnapshot;
    if (moved || !found.schema().sameSchema(columns.schema()) || found.empty() != columns.empty()) {
      throw new ConflictException(
          ErrorCode.CONFLICT,
          "Cannot amend the contract of "
              + product
              + ": its table was changed at the same time. Nothing was changed. Run it again.");
    }
  }

  private void checkActive(String doing) {
    if (!current.state().equals(VersionEntry.ACTIVE)) {
      throw new ConflictException(
          ErrorCode.STATE_CONFLICT,
          "Cannot "
              + doing
              + ": its major "
              + current.major()
              + " is "
              + current.state()
              + ", and contracts are amended while it is ACTIVE. Nothing was done.");
    }
  }

  private void findWhatNeedsNobody(Succession judged, boolean byMode) {
    Compatibility before = current.contract().compatibility();
    Compatibility after = next.compatibility();
    if (byMode) {
      onlyWithoutConsumers.add("under " + Compatibility.FULL_TRANSITIVE + " it would be refused");
    }
    if (isWeaker(before, after)) {
      onlyWithoutConsumers.add("the mode " + after + " protects less than " + before);
    }
    if (judged.verdict() == Verdict.AMENDMENT && judged.obstacles().isEmpty()) {
      onlyWithoutConsumers.add("it weakens a promise, which consumers have to agree to first");
    }
  }

  private static boolean isWeaker(Compatibility before, Compatibility after) {
    return (before.protectsConsumers() && !after.protectsConsumers())
        || (before.protectsHistory() && !after.protectsHistory())
        || (before.isTransitive() && !after.isTransitive());
  }

  /**
   * The changes that old readers do not survive, since the last version; and those since an earlier
   * one that the last version does not have already.
   */
  private List<Difference.Change> harmful() {
    Set<Difference.Change> harmful = new LinkedHashSet<>();
    succession.difference().changes().stream()
        .filter(AmendmentCase::isHarmful)
        .forEach(harmful::add);
    succession.obstacles().stream()
        .map(Succession.Obstacle::change)
        .filter(AmendmentCase::isHarmful)
        .forEach(harmful::add);
    return List.copyOf(harmful);
  }

  private static boolean isHarmful(Difference.Change change) {
    return change.verdict() == Verdict.MAJOR && !change.oldReadersReadNewRows();
  }

  private void findChanges() {
    if (succession.mode() == Compatibility.DISABLED && !succession.obstacles().isEmpty()) {
      findings.add(
          Finding.error(
              "FROZEN",
              product.toString(),
              "The contract is frozen by its mode DISABLED, and no change may come but that of the"
                  + " mode.",
              "Change the mode alone first, or define a product of another name."));
    }
    List<Difference.Change> blocking = new ArrayList<>();
    succession.obstacles().forEach(obstacle -> blocking.add(obstacle.change()));
    for (Difference.Change change : succession.difference().changes()) {
      findings.add(
          finding(
              change,
              blocking.contains(change)
                  ? Finding.Severity.ERROR
                  : succession.allowedByMode().contains(change)
                      ? Finding.Severity.WARNING
                      : Finding.Severity.NOTE,
              what(change)));
    }
    for (Succession.Obstacle obstacle : succession.obstacles()) {
      if (!succession.difference().changes().contains(obstacle.change())) {
        findings.add(
            finding(
                obstacle.change(),
                Finding.Severity.ERROR,
                "Since " + obstacle.against() + ": " + what(obstacle.change())));
      }
    }
  }

  /** What changed, with what was there before and is after. */
  static String what(Difference.Change change) {
    return change.before() == null && change.after() == null
        ? change.what()
        : change.what()
            + " Before: "
            + (change.before() == null ? "nothing" : change.before())
            + "; after: "
            + (change.after() == null ? "nothing" : change.after())
            + ".";
  }

  private static Finding finding(Difference.Change change, Finding.Severity severity, String what) {
    return new Finding(change.code(), severity, change.path(), what, 0, List.of(), change.mend());
  }

  private Finding liveSubscriptions(List<Roster.Entry> roster) {
    return new Finding(
        "LIVE_SUBSCRIPTIONS",
        Finding.Severity.ERROR,
        product.toString(),
        "This is for a product without subscriptions, since "
            + String.join(", and ", onlyWithoutConsumers)
            + "; and there are "
            + roster.stream().map(Roster.Entry::subscription).collect(Collectors.joining(", "))
            + ".",
        roster.size(),
        List.of(),
        "Keep the promise, or define a product of another name beside this one.");
  }

  private Evolved evolve(Table table) {
    Evolved schema =
        SchemaEvolution.of(
            columns.schema(),
            columns.lastColumnId(),
            columns.format(),
            columns.empty(),
            current.contract().schema(),
            next.schema());
    for (PartitionField part : table.spec().fields()) {
      if (schema.schema().findField(part.sourceId()) == null) {
        findings.add(
            Finding.error(
                "PARTITION_COLUMN",
                columns.schema().findColumnName(part.sourceId()),
                "The table's files are laid out by this column, so it cannot go.",
                "Keep the column, or define a product of another name with another layout."));
      }
    }
    return schema;
  }

  private void findOthers() {
    evolved.ifPresent(schema -> findings.addAll(schema.findings()));
    findings.addAll(LegalSchema.findings(next.schema().toString(), columns.format()));
    if (entry.openToMesh()) {
      ContractChecks.tooSensitiveToBeOpen(next)
          .ifPresent(
              why ->
                  findings.add(
                      Finding.error(
                          "OPEN_AND_SENSITIVE",
                          product.toString(),
                          "The product is open to the mesh, and " + why + ".",
                          "Classify it INTERNAL or PUBLIC.")));
    }
  }

  private Judgement judgement() {
    boolean refused =
        findings.stream().anyMatch(finding -> finding.severity() == Finding.Severity.ERROR);
    Verdict verdict = succession.verdict();
    if (refused && verdict.compareTo(Verdict.MINOR) <= 0) {
      verdict = Verdict.REFUSED;
    }
    ContractVersion version =
        verdict == Verdict.REFUSED ? current.version() : current.version().next(verdict);
    return new Judgement(
        product,
        Optional.of(current.version()),
        version,
        verdict,
        succession.mode(),
        Optional.of(succession.difference()),
        consumers,
        refused || verdict == Verdict.NONE ? List.of() : steps(version),
        findings,
        Keys.sha256(current.contract().fingerprint() + next.fingerprint()));
  }

  private List<Step> steps(ContractVersion version) {
    List<Step> steps = new ArrayList<>();
    tableChange()
        .ifPresent(
            schema -> {
              String table = TableName.of(product, current.major()).toString();
              for (SchemaEvolution.Step step : schema.steps()) {
                steps.add(new Step(step.verb(), table, step.path() + " " + step.detail(), ""));
              }
              if (schema.steps().isEmpty()) {
                steps.add(new Step("order columns", table, "as the contract has them", ""));
              }
            });
    if (!filters.isEmpty()) {
      steps.add(
          new Step(
              "filter columns",
              TableName.of(product, current.major()).toString(),
              String.join(", ", FilteredColumns.columns(filters))
                  + ", in files that are written from now on",
              ""));
    }
    steps.add(
        new Step(
            "put in force",
            product + " " + version,
            "in the place of " + current.version() + tableUntouched(),
            "amend it back, as far as that is compatible"));
    if (!consumers.isEmpty()) {
      steps.add(
          new Step(
              "tell",
              consumers.size() + (consumers.size() == 1 ? " subscription" : " subscriptions"),
              consumers.stream()
                  .map(AffectedConsumer::subscription)
                  .collect(Collectors.joining(", ")),
              ""));
    }
    return steps;
  }

  private String tableUntouched() {
    return tableChange().isPresent() || !filters.isEmpty() ? "" : "; the table stays as it is";
  }
}
