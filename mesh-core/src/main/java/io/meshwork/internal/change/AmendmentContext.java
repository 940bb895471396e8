package io.meshwork.internal.change;

import io.meshwork.change.ContractPlan.AffectedConsumer;
import io.meshwork.contract.Compatibility;
import io.meshwork.contract.Contract;
import io.meshwork.contract.ContractDifference;
import io.meshwork.contract.ContractSuccession;
import io.meshwork.contract.Partition;
import io.meshwork.contract.Rule;
import io.meshwork.error.ConflictException;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Finding;
import io.meshwork.error.MeshAction;
import io.meshwork.internal.catalog.DomainEntry;
import io.meshwork.internal.catalog.ProductEntry;
import io.meshwork.internal.catalog.RegistryKeys;
import io.meshwork.internal.catalog.VersionEntry;
import io.meshwork.internal.quality.RuleTargets;
import io.meshwork.internal.scan.PinnedProducts;
import io.meshwork.internal.schema.LegalSchema;
import io.meshwork.internal.schema.SchemaEvolution;
import io.meshwork.internal.schema.SchemaEvolution.Evolved;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.internal.session.SubscriberList;
import io.meshwork.internal.table.FilteredColumns;
import io.meshwork.internal.table.TableColumns;
import io.meshwork.internal.table.TableName;
import io.meshwork.operation.Plan.Step;
import io.meshwork.product.ContractVersion;
import io.meshwork.product.ContractVersion.Verdict;
import io.meshwork.product.ProductName;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.iceberg.PartitionField;
import org.apache.iceberg.Schema;
import org.apache.iceberg.Table;

/**
 * A contract that is to follow the one in force, with all that the judgement on it rests on, as it
 * was read once.
 */
final class AmendmentContext {
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
  private final ContractSuccession succession;
  private final List<String> onlyWithoutConsumers = new ArrayList<>();
  private final List<Finding> findings = new ArrayList<>();
  private final List<AffectedConsumer> consumers;
  private final Optional<SecondApproval> second;
  private final Optional<AmendmentAccessChange> rights;
  private final AmendmentEvaluation judgement;

  private AmendmentContext(
      ClientSession session,
      AmendmentOperation how,
      boolean lookingAtConsumers,
      ExistingRowsCheck present) {
    Integer major = how.major();
    MeshAction action = how.action();
    this.product = how.product();
    this.domain = session.authorizer().requireOwner(product.domain(), action);
    this.entry = session.catalog().requireProduct(product, action);
    this.current =
        session
            .catalog()
            .requireVersion(product, major == null ? entry.currentMajor() : major, action);
    checkActive(action);
    Contract given = how.change().apply(current.contract());
    if (how.said().keeping()) {
      this.next = ProtectionReduction.kept(current.contract(), given);
      findings.addAll(ProtectionReduction.findings(current.contract(), given, product.toString()));
    } else {
      this.next = given;
    }
    ContractChecks.checkSize(next, action);
    ContractChecks.checkTexts(next, action);
    Table table = session.tables().load(TableName.of(product, current.major()));
    this.columns = TableColumns.of(table);
    NavigableMap<ContractVersion, Contract> earlier =
        session.catalog().contracts(product, current.major()).headMap(current.version(), true);
    ContractSuccession.Candidate candidate =
        ContractSuccession.of(next).after(earlier).countingOnlyWhatIsNew();
    ContractSuccession judged = candidate.judged();
    ContractSuccession full = candidate.under(Compatibility.FULL_TRANSITIVE);
    if (LiveSchemas.decide(judged, current.version())
        || LiveSchemas.decide(full, current.version())) {
      candidate =
          LiveSchemas.narrowed(
              candidate,
              earlier,
              SubscriberList.of(session, product, current.major(), current.contract()),
              table);
      judged = candidate.judged();
      full = candidate.under(Compatibility.FULL_TRANSITIVE);
    }
    boolean byMode = judged.obstacles().isEmpty() && !full.obstacles().isEmpty();
    findWhatNeedsNobody(judged, byMode);
    boolean refusedAnyhow = !judged.obstacles().isEmpty();
    List<SubscriberList.Entry> roster =
        lookingAtConsumers || refusedAnyhow || !onlyWithoutConsumers.isEmpty()
            ? SubscriberList.of(session, product, current.major(), current.contract())
            : List.of();
    boolean counted = !onlyWithoutConsumers.isEmpty() && !roster.isEmpty();
    this.succession = byMode && counted ? full : judged;
    this.consumers = ReadColumns.affected(roster, harmful(), session.runtime().clock().instant());
    findChanges();
    if (counted) {
      findings.add(liveSubscriptions(roster, session.runtime().clock().instant()));
    }
    this.evolved =
        succession.difference().isEmpty() || !succession.obstacles().isEmpty()
            ? Optional.empty()
            : Optional.of(evolve(table));
    this.filters = evolved.isPresent() ? FilteredColumns.missing(next, table) : Map.of();
    this.newOnTable =
        evolved.isPresent()
            ? ExistingRowsCheck.newOnTable(succession.difference(), next)
            : List.of();
    this.judgedSnapshot = newest(table);
    findOthers();
    this.second = second(session, how);
    this.rights = rights(session);
    rights.ifPresent(each -> findings.addAll(each.obstacles()));
    rights.filter(each -> lookingAtConsumers).ifPresent(each -> findings.addAll(each.withheld()));
    findings.addAll(
        RuleTargets.missing(
            next, new PinnedProducts(session, product, session.deadline(), action)));
    evolved.ifPresent(
        schema -> findings.addAll(present.failing(table, schema.schema(), next, newOnTable)));
    AmendmentEvaluation judgedOnce = judgement();
    this.judgement =
        lookingAtConsumers && judgedOnce.isAllowed()
            ? rights
                .map(AmendmentAccessChange::shifts)
                .map(shifts -> judgedOnce.with(shifts))
                .orElse(judgedOnce)
            : judgedOnce;
  }

  /** Who has to agree where it would protect less; empty if it does not. */
  private Optional<SecondApproval> second(ClientSession session, AmendmentOperation how) {
    ProtectionReduction less = ProtectionReduction.between(current.contract(), next);
    if (less.isNone() || evolved.isEmpty()) {
      return Optional.empty();
    }
    List<Finding> unsaid = less.unsaid(how.said(), product.toString());
    findings.addAll(unsaid);
    if (unsaid.isEmpty() && how.reason() == null) {
      findings.add(
          Finding.error(
              "REASON_MISSING",
              product.toString(),
              "It would protect less (" + less.words() + "), and no reason was said.",
              "Say because(..)."));
    }
    if (unsaid.isEmpty() && !SecondApproval.decides(session, product, session.principal())) {
      findings.add(
          Finding.error(
              "NOT_DECIDER",
              product.toString(),
              "It would protect less ("
                  + less.words()
                  + "), which takes two deciders of the domain, and "
                  + session.principal()
                  + " is none.",
              "Ask two deciders; registerDomain(..).deciders(..) names them."));
    }
    SecondApproval person = SecondApproval.of(session, product, current, next.fingerprint());
    findings.add(
        new Finding(
            "SECOND_PERSON",
            person.isMissing() ? Finding.Severity.WARNING : Finding.Severity.NOTE,
            product.toString(),
            "It would protect less: "
                + less.words()
                + person
                    .agreedBy()
                    .map(by -> "; " + by + " said the same.")
                    .orElse(
                        "; nothing changes before another decider of the domain says the same,"
                            + " within 30 days."),
            0,
            List.of(),
            session.catalog().roles(domain).deciders().size() > 1
                ? "Have another decider look at it and commit the same."
                : "Name another decider with registerDomain(\""
                    + product.domain()
                    + "\").deciders(..), who looks at it and commits the same."));
    return Optional.of(person);
  }

  /** Who has to agree; empty if it protects no less. */
  Optional<SecondApproval> second() {
    return second;
  }

  /** True if nothing is changed yet, as another decider has to say the same. */
  boolean awaitsSecond() {
    return second.filter(SecondApproval::isMissing).isPresent();
  }

  /** What becomes of rights, unless the contract may not follow anyhow or is the same. */
  private Optional<AmendmentAccessChange> rights(ClientSession session) {
    return evolved.map(
        schema ->
            new AmendmentAccessChange(
                session, domain, entry, current, next, columns.schema(), schema.schema()));
  }

  /** What becomes of rights; empty if the contract is the same. */
  Optional<AmendmentAccessChange> rights() {
    return rights;
  }

  /**
   * Reads and judges.
   *
   * @param how which contract, and why
   * @param lookingAtConsumers whether they are looked up even where nothing depends on them
   * @param present judges the rows that are there
   */
  static AmendmentContext of(
      ClientSession session,
      AmendmentOperation how,
      boolean lookingAtConsumers,
      ExistingRowsCheck present) {
    return new AmendmentContext(session, how, lookingAtConsumers, present);
  }

  AmendmentEvaluation evaluate() {
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

  ContractDifference difference() {
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

  /** The columns that the table has until then. */
  Schema columns() {
    return columns.schema();
  }

  /** The columns that the table has from then on. */
  Schema nextColumns() {
    return evolved.map(Evolved::schema).orElse(columns.schema());
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

  private void checkActive(MeshAction action) {
    if (!current.state().equals(VersionEntry.ACTIVE)) {
      throw new ConflictException(
          ErrorCode.STATE_CONFLICT,
          "Cannot "
              + action
              + ": its major "
              + current.major()
              + " is "
              + current.state()
              + ", and contracts are amended while it is ACTIVE. Nothing was done.");
    }
  }

  private void findWhatNeedsNobody(ContractSuccession judged, boolean byMode) {
    Compatibility before = current.contract().compatibility();
    Compatibility after = next.compatibility();
    if (byMode) {
      onlyWithoutConsumers.add("under " + Compatibility.FULL_TRANSITIVE + " it would be refused");
    }
    if (isWeaker(before, after)) {
      onlyWithoutConsumers.add("the mode " + after + " protects less than " + before);
    }
    if (judged.verdict() == Verdict.AMENDMENT
        && judged.obstacles().isEmpty()
        && weakensPromise(judged)) {
      onlyWithoutConsumers.add("it weakens a promise, which consumers have to agree to first");
    }
  }

  /** Data that is better protected takes columns from readers, and never waits for them. */
  private static boolean weakensPromise(ContractSuccession judged) {
    return judged.difference().changes().stream()
        .anyMatch(
            change ->
                change.verdict() == Verdict.AMENDMENT
                    && !change.code().equals("CLASSIFICATION_RAISED"));
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
  private List<ContractDifference.Change> harmful() {
    Set<ContractDifference.Change> harmful = new LinkedHashSet<>();
    succession.difference().changes().stream()
        .filter(AmendmentContext::isHarmful)
        .forEach(harmful::add);
    succession.obstacles().stream()
        .map(ContractSuccession.Obstacle::change)
        .filter(AmendmentContext::isHarmful)
        .forEach(harmful::add);
    return List.copyOf(harmful);
  }

  private static boolean isHarmful(ContractDifference.Change change) {
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
    List<ContractDifference.Change> blocking = new ArrayList<>();
    succession.obstacles().forEach(obstacle -> blocking.add(obstacle.change()));
    for (ContractDifference.Change change : succession.difference().changes()) {
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
    for (ContractSuccession.Obstacle obstacle : succession.obstacles()) {
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
  static String what(ContractDifference.Change change) {
    return change.before() == null && change.after() == null
        ? change.what()
        : change.what()
            + " Before: "
            + (change.before() == null ? "nothing" : change.before())
            + "; after: "
            + (change.after() == null ? "nothing" : change.after())
            + ".";
  }

  private static Finding finding(
      ContractDifference.Change change, Finding.Severity severity, String what) {
    return new Finding(change.code(), severity, change.path(), what, 0, List.of(), change.fix());
  }

  private Finding liveSubscriptions(List<SubscriberList.Entry> roster, Instant now) {
    return new Finding(
        "LIVE_SUBSCRIPTIONS",
        Finding.Severity.ERROR,
        product.toString(),
        "This is for a product without subscriptions, since "
            + String.join(", and ", onlyWithoutConsumers)
            + "; and there are "
            + roster.stream()
                .map(entry -> entry.subscription() + use(entry, now))
                .collect(Collectors.joining(", "))
            + ".",
        roster.size(),
        List.of(),
        "Keep the promise, or define a product of another name beside this one. subscriptions(\""
            + product
            + "\") lists them with their contacts, who end theirs with unsubscribe(\""
            + product
            + "\", ..); a DORMANT one you may end yourself with unsubscribe(\""
            + product
            + "\", \"domain/name\").because(..).");
  }

  private static String use(SubscriberList.Entry entry, Instant now) {
    return " ("
        + entry.state(now)
        + entry.lastUsed().map(at -> ", last used " + at).orElse(", never used")
        + ")";
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
                      new Finding(
                          "OPEN_AND_SENSITIVE",
                          Finding.Severity.WARNING,
                          product.toString(),
                          "The product is open to the mesh, and "
                              + why
                              + ": what is above INTERNAL is withheld from other domains.",
                          0,
                          List.of(),
                          "Grant it to those who need it.")));
    }
  }

  private AmendmentEvaluation judgement() {
    boolean refused =
        findings.stream().anyMatch(finding -> finding.severity() == Finding.Severity.ERROR);
    Verdict verdict = succession.verdict();
    if (refused && verdict.compareTo(Verdict.MINOR) <= 0) {
      verdict = Verdict.REFUSED;
    }
    ContractVersion version =
        verdict == Verdict.REFUSED ? current.version() : current.version().next(verdict);
    return new AmendmentEvaluation(
        product,
        Optional.of(current.version()),
        version,
        verdict,
        succession.mode(),
        Optional.of(succession.difference()),
        consumers,
        refused || verdict == Verdict.NONE ? List.of() : steps(version),
        findings,
        RegistryKeys.sha256(current.contract().fingerprint() + next.fingerprint()),
        List.of(),
        List.of());
  }

  private List<Step> steps(ContractVersion version) {
    List<Step> steps = new ArrayList<>();
    if (awaitsSecond()) {
      return List.of(
          new Step(
              "agree",
              product + " " + version,
              "as one of two; nothing else is done yet",
              "nothing is in force, and it is forgotten after 30 days"));
    }
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
    rights.ifPresent(each -> steps.addAll(each.kept()));
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
