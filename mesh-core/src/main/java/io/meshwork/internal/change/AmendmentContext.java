package io.meshwork.internal.change;

import io.meshwork.card.ProductConsumer;
import io.meshwork.contract.Compatibility;
import io.meshwork.contract.Contract;
import io.meshwork.contract.ContractDifference;
import io.meshwork.contract.Partition;
import io.meshwork.contract.Rule;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.error.Finding;
import io.meshwork.error.FindingCode;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.internal.catalog.DomainEntry;
import io.meshwork.internal.catalog.MajorState.Use;
import io.meshwork.internal.catalog.ProductEntry;
import io.meshwork.internal.catalog.SharedProtection;
import io.meshwork.internal.catalog.VersionEntry;
import io.meshwork.internal.consumers.SubscriberList;
import io.meshwork.internal.contract.ContractSuccession;
import io.meshwork.internal.ledger.CommitDraft;
import io.meshwork.internal.majors.ConsumerImpact;
import io.meshwork.internal.majors.ContractChecks;
import io.meshwork.internal.majors.PartitionCheck;
import io.meshwork.internal.quality.RuleTargets;
import io.meshwork.internal.runtime.Sha256;
import io.meshwork.internal.scan.PinnedProducts;
import io.meshwork.internal.schema.LegalSchema;
import io.meshwork.internal.schema.SchemaEvolution;
import io.meshwork.internal.schema.SchemaEvolution.EvolvedSchema;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.internal.table.FilteredColumns;
import io.meshwork.internal.table.TableColumns;
import io.meshwork.internal.table.TableName;
import io.meshwork.operation.Plan.Step;
import io.meshwork.product.ContractVersion;
import io.meshwork.product.ContractVersion.Verdict;
import io.meshwork.product.ProductName;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.iceberg.PartitionField;
import org.apache.iceberg.Schema;
import org.apache.iceberg.Table;

/** The evaluation of one amendment, and the state that it is based on. Reads everything once. */
final class AmendmentContext {
  private static final String WEAKENS = "it weakens a guarantee that consumers rely on";

  private final ProductName product;
  private final DomainEntry domain;
  private final ProductEntry entry;
  private final VersionEntry current;
  private final Contract next;
  private final AnnouncedTerms announced;
  private final TableColumns columns;
  private final Optional<EvolvedSchema> evolved;
  private final List<Rule> newOnTable;
  private final long checkedSnapshot;
  private final Map<String, String> filters;
  private final ContractSuccession succession;
  private final List<String> onlyWithoutConsumers = new ArrayList<>();
  private final List<Finding> findings = new ArrayList<>();
  private final List<ProductConsumer> consumers;
  private final Optional<SecondApproval> secondApproval;
  private final SharedProtection shared;
  private final Optional<AmendmentAccessChange> rights;
  private final AmendmentPlan evaluation;

  private AmendmentContext(
      ClientSession session,
      AmendmentOperation operation,
      boolean withConsumers,
      ExistingRowsCheck existingRows) {
    Integer major = operation.major();
    MeshAction action = operation.action();
    this.product = operation.product();
    this.domain = session.authorizer().requireOwner(product.domain(), action);
    this.entry = session.catalog().requireProduct(product, action);
    this.current =
        session
            .catalog()
            .requireFor(Use.AMEND, product, major == null ? entry.currentMajor() : major, action);
    Contract requested = operation.change().apply(current.contract());
    this.announced = new AnnouncedTerms(session, product);
    if (operation.accepted().retaining()) {
      this.next =
          announced.withRetained(
              current, ProtectionReduction.withRetained(current.contract(), requested));
      findings.addAll(
          ProtectionReduction.retained(current.contract(), requested, product.toString()));
      findings.addAll(announced.retained(current, requested));
    } else {
      this.next = requested;
    }
    ContractChecks.checkSize(next, action);
    ContractChecks.checkTexts(next, action);
    Table table = session.tables().load(TableName.of(product, current.major()));
    this.columns = TableColumns.of(table);
    NavigableMap<ContractVersion, Contract> earlier =
        new TreeMap<>(
            session.catalog().contracts(product, current.major()).headMap(current.version(), true));
    earlier.put(current.version(), current.contract());
    ContractSuccession.Candidate candidate =
        ContractSuccession.of(next).after(earlier).countingOnlyWhatIsNew();
    ContractSuccession evaluated = candidate.evaluate();
    ContractSuccession full = candidate.under(Compatibility.FULL_TRANSITIVE);
    if (LiveSchemas.affect(evaluated, current.version())
        || LiveSchemas.affect(full, current.version())) {
      candidate =
          LiveSchemas.restrict(
              candidate, earlier, SubscriberList.of(session, product, current), table);
      evaluated = candidate.evaluate();
      full = candidate.under(Compatibility.FULL_TRANSITIVE);
    }
    boolean onlyByMode = evaluated.obstacles().isEmpty() && !full.obstacles().isEmpty();
    findSubscriptionRequirements(evaluated, onlyByMode);
    boolean incompatible = !evaluated.obstacles().isEmpty();
    List<SubscriberList.Entry> subscribers =
        withConsumers || incompatible || !onlyWithoutConsumers.isEmpty()
            ? SubscriberList.of(session, product, current)
            : List.of();
    boolean blockedBySubscriptions = !onlyWithoutConsumers.isEmpty() && !subscribers.isEmpty();
    this.succession = onlyByMode && blockedBySubscriptions ? full : evaluated;
    this.consumers =
        ConsumerImpact.of(
            subscribers, ConsumerImpact.breaking(succession), session.runtime().clock().instant());
    addChanges();
    if (blockedBySubscriptions) {
      findings.add(liveSubscriptions(subscribers, session.runtime().clock().instant()));
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
    this.checkedSnapshot = newest(table);
    addSchemaFindings();
    this.secondApproval = secondApproval(session, operation);
    this.shared =
        new SharedProtection(
            product,
            current,
            session.catalog().majorsSharingRows(product, current.major(), action));
    protection().ifPresent(amendment -> findings.addAll(shared.findings(amendment)));
    this.rights = rights(session);
    rights.ifPresent(each -> findings.addAll(each.obstacles()));
    rights.filter(each -> withConsumers).ifPresent(each -> findings.addAll(each.withheld()));
    findings.addAll(
        RuleTargets.missing(
            next, new PinnedProducts(session, product, session.deadline(), action)));
    evolved.ifPresent(
        schema -> findings.addAll(existingRows.failing(table, schema.schema(), next, newOnTable)));
    if (withConsumers && evolved.isPresent()) {
      findings.addAll(
          MappingRequirements.of(
              session, product, current, columns.schema(), next, nextColumns(), action));
    }
    AmendmentPlan withoutAccess = evaluate(operation);
    this.evaluation =
        withConsumers && withoutAccess.isAllowed()
            ? rights
                .flatMap(AmendmentAccessChange::diff)
                .map(withoutAccess::with)
                .orElse(withoutAccess)
            : withoutAccess;
  }

  /** The approval that less protection requires; empty if the protection is not reduced. */
  private Optional<SecondApproval> secondApproval(
      ClientSession session, AmendmentOperation operation) {
    ProtectionReduction reduction = ProtectionReduction.between(current.contract(), next);
    if (reduction.isNone() || evolved.isEmpty()) {
      return Optional.empty();
    }
    List<Finding> unaccepted = reduction.unaccepted(operation.accepted(), product.toString());
    findings.addAll(unaccepted);
    if (unaccepted.isEmpty() && operation.reason() == null) {
      findings.add(
          Finding.error(
              FindingCode.REASON_MISSING,
              product.toString(),
              "It reduces protection (" + reduction.text() + ") without a reason.",
              "Call because(..)."));
    }
    if (unaccepted.isEmpty() && !SecondApproval.isDecider(session, product, session.principal())) {
      findings.add(
          Finding.error(
              FindingCode.NOT_DECIDER,
              product.toString(),
              "It reduces protection ("
                  + reduction.text()
                  + "), which requires two deciders of the domain, and "
                  + session.principal()
                  + " is not one.",
              "Ask two deciders; registerDomain(..).deciders(..) names them."));
    }
    SecondApproval approval = SecondApproval.of(session, product, current, next.fingerprint());
    findings.add(
        new Finding(
            FindingCode.SECOND_DECIDER,
            approval.isMissing() ? Finding.Severity.WARNING : Finding.Severity.NOTE,
            product.toString(),
            "It reduces protection: "
                + reduction.text()
                + approval
                    .approvedBy()
                    .map(by -> "; " + by + " approved the same contract.")
                    .orElse(
                        "; nothing changes until another decider of the domain commits the same"
                            + " contract, within 30 days."),
            0,
            List.of(),
            session.catalog().roles(domain).deciders().size() > 1
                ? "Ask another decider to review and commit the same contract."
                : "Name another decider with registerDomain(\""
                    + product.domain()
                    + "\").deciders(..), who reviews and commits the same contract."));
    return Optional.of(approval);
  }

  /** The protection of the rows after the amendment; empty if it is rejected or changes nothing. */
  private Optional<SharedProtection.NextContract> protection() {
    return evolved.map(schema -> new SharedProtection.NextContract(next, schema.schema()));
  }

  /** Protects the rows in all major versions that have them. */
  void protect(CommitDraft<?> draft) {
    protection().ifPresent(amendment -> shared.amend(amendment, draft));
  }

  /** The required approval; empty if the protection is not reduced. */
  Optional<SecondApproval> secondApproval() {
    return secondApproval;
  }

  /** True if a commit changes nothing until another decider commits the same contract. */
  boolean awaitsSecondApproval() {
    return secondApproval.filter(SecondApproval::isMissing).isPresent();
  }

  /** The change of access; empty if the contract is incompatible or the same. */
  private Optional<AmendmentAccessChange> rights(ClientSession session) {
    return evolved.map(
        schema ->
            new AmendmentAccessChange(
                session,
                domain,
                entry,
                current,
                protection().map(shared::inEffect).orElse(next),
                columns.schema(),
                schema.schema()));
  }

  /** The change of access; empty if the contract is incompatible or the same. */
  Optional<AmendmentAccessChange> rights() {
    return rights;
  }

  /**
   * Reads the current state and evaluates an amendment.
   *
   * @param withConsumers true to read subscriptions even if the result does not depend on them
   * @param existingRows checks the rows of the table
   */
  static AmendmentContext of(
      ClientSession session,
      AmendmentOperation operation,
      boolean withConsumers,
      ExistingRowsCheck existingRows) {
    return new AmendmentContext(session, operation, withConsumers, existingRows);
  }

  AmendmentPlan evaluation() {
    return evaluation;
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

  /** True if it is allowed only for a product without subscriptions. */
  boolean requiresNoSubscriptions() {
    return !onlyWithoutConsumers.isEmpty();
  }

  /** The partitioning with the new names of columns. */
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

  /** The table's new columns; empty if they do not change. */
  Optional<EvolvedSchema> tableChange() {
    return evolved.filter(schema -> !schema.schema().sameSchema(columns.schema()));
  }

  /** The table's columns after the amendment. */
  Schema nextColumns() {
    return evolved.map(EvolvedSchema::schema).orElse(columns.schema());
  }

  /** The table properties of new bloom filters; empty if there are none. */
  Map<String, String> filters() {
    return filters;
  }

  /** True if the commit changes the table or depends on its rows. */
  boolean affectsTable() {
    return tableChange().isPresent() || !filters.isEmpty() || !newOnTable.isEmpty();
  }

  private static long newest(Table table) {
    return table.currentSnapshot() == null ? -1 : table.currentSnapshot().snapshotId();
  }

  /**
   * Checks that the table has not changed. A publish counts as a change only if the evaluation
   * checked the rows.
   *
   * @throws io.meshwork.error.ConflictException if the table changed
   */
  void requireUnchanged(Table now) {
    TableColumns tableColumns = TableColumns.of(now);
    boolean moved = !newOnTable.isEmpty() && newest(now) != checkedSnapshot;
    if (moved
        || !tableColumns.schema().sameSchema(columns.schema())
        || tableColumns.empty() != columns.empty()) {
      throw Failure.of(MeshAction.of(Verb.AMEND, "the contract of " + product))
          .because("its table was changed at the same time")
          .fix("Run it again.")
          .conflict(ErrorCode.CONFLICT);
    }
  }

  private void findSubscriptionRequirements(ContractSuccession evaluated, boolean onlyByMode) {
    Compatibility before = current.contract().compatibility();
    Compatibility after = next.compatibility();
    if (onlyByMode) {
      onlyWithoutConsumers.add(Compatibility.FULL_TRANSITIVE + " would reject it");
    }
    if (isWeaker(before, after)) {
      onlyWithoutConsumers.add("the mode " + after + " is weaker than " + before);
    }
    if (evaluated.verdict() == Verdict.AMENDMENT
        && evaluated.obstacles().isEmpty()
        && evaluated.difference().changes().stream().anyMatch(ConsumerImpact::weakensPromise)) {
      onlyWithoutConsumers.add(WEAKENS);
    }
  }

  private static boolean isWeaker(Compatibility before, Compatibility after) {
    return (before.protectsConsumers() && !after.protectsConsumers())
        || (before.protectsHistory() && !after.protectsHistory())
        || (before.isTransitive() && !after.isTransitive());
  }

  private void addChanges() {
    if (succession.mode() == Compatibility.DISABLED && !succession.obstacles().isEmpty()) {
      findings.add(
          Finding.error(
              FindingCode.CONTRACT_FROZEN,
              product.toString(),
              "The contract is frozen by its mode DISABLED; only the mode can be changed.",
              "Change only the mode first, or roll out a new major version with"
                  + " startRollout(..)."));
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
              describe(change)));
    }
    for (ContractSuccession.Obstacle obstacle : succession.obstacles()) {
      if (!succession.difference().changes().contains(obstacle.change())) {
        findings.add(
            finding(
                obstacle.change(),
                Finding.Severity.ERROR,
                "Since " + obstacle.against() + ": " + describe(obstacle.change())));
      }
    }
  }

  /** A change with the values before and after. */
  static String describe(ContractDifference.Change change) {
    return change.whatWithValues();
  }

  private static Finding finding(
      ContractDifference.Change change, Finding.Severity severity, String what) {
    return new Finding(change.code(), severity, change.path(), what, 0, List.of(), change.fix());
  }

  private Finding liveSubscriptions(List<SubscriberList.Entry> subscribers, Instant now) {
    return new Finding(
        FindingCode.ACTIVE_SUBSCRIPTIONS,
        Finding.Severity.ERROR,
        product.toString(),
        "This is possible only without subscriptions, because "
            + String.join(", and ", onlyWithoutConsumers)
            + "; the subscriptions are "
            + subscribers.stream()
                .map(entry -> entry.subscription() + usage(entry, now))
                .collect(Collectors.joining(", "))
            + ".",
        subscribers.size(),
        List.of(),
        (onlyWithoutConsumers.equals(List.of(WEAKENS))
                ? announcement()
                : "Keep the guarantee, or roll out a new major version with startRollout(..). ")
            + "subscriptions(\""
            + product
            + "\") lists them with their contacts, who can end them with unsubscribe(\""
            + product
            + "\", ..). You can end a DORMANT one yourself with unsubscribe(\""
            + product
            + "\", \"domain/name\").because(..).");
  }

  /** How to notify the consumers of a weaker promise, or to end the notice that was given. */
  private String announcement() {
    return announced
        .open(current.major())
        .map(
            rollout ->
                "Rollout "
                    + rollout.number()
                    + " amends "
                    + rollout.amendment()
                    + ": after the dates of the consumers, commit retire() of "
                    + rollout.reader()
                    + "; with other values, abort it first. ")
        .orElse(
            "Notify the consumers: amendTerms(\""
                + product
                + "\").contract(..).because(..), then announce(), and retire() after their dates."
                + " ");
  }

  private static String usage(SubscriberList.Entry entry, Instant now) {
    return " ("
        + entry.state(now)
        + entry.lastUsed().map(at -> ", last used " + at).orElse(", never used")
        + ")";
  }

  private EvolvedSchema evolve(Table table) {
    EvolvedSchema schema =
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
                FindingCode.PARTITION_COLUMN,
                columns.schema().findColumnName(part.sourceId()),
                "The table is partitioned by this column, so it cannot be dropped.",
                "Keep the column, or roll out a new major version with startRollout(..) and another"
                    + " partitioning."));
      }
    }
    findings.addAll(PartitionCheck.ofNewColumns(table, schema.schema()));
    return schema;
  }

  private void addSchemaFindings() {
    evolved.ifPresent(schema -> findings.addAll(schema.findings()));
    findings.addAll(LegalSchema.findings(next.schema().toString(), columns.format()));
    if (entry.openToMesh()) {
      ContractChecks.tooSensitiveToBeOpen(next)
          .ifPresent(
              why ->
                  findings.add(
                      new Finding(
                          FindingCode.OPEN_AND_SENSITIVE,
                          Finding.Severity.WARNING,
                          product.toString(),
                          "The product is open to the mesh, and "
                              + why
                              + ": columns above INTERNAL are hidden from other domains.",
                          0,
                          List.of(),
                          "Grant them to consumers that need them.")));
    }
  }

  private AmendmentPlan evaluate(AmendmentOperation operation) {
    boolean rejected =
        findings.stream().anyMatch(finding -> finding.severity() == Finding.Severity.ERROR);
    Verdict verdict = succession.verdict();
    if (rejected && verdict.compareTo(Verdict.MINOR) <= 0) {
      verdict = Verdict.REFUSED;
    }
    ContractVersion version =
        verdict == Verdict.REFUSED ? current.version() : current.version().next(verdict);
    return new AmendmentPlan(
        product,
        Optional.of(current.version()),
        version,
        verdict,
        succession.mode(),
        Optional.of(succession.difference()),
        consumers,
        rejected || verdict == Verdict.NONE ? List.of() : steps(version),
        findings,
        Sha256.hex(current.contract().fingerprint() + next.fingerprint()),
        List.of(),
        List.of(),
        operation.committing());
  }

  private List<Step> steps(ContractVersion version) {
    List<Step> steps = new ArrayList<>();
    if (awaitsSecondApproval()) {
      return List.of(
          new Step(
              "propose",
              product + " " + version,
              "as the first of two deciders; nothing else changes yet",
              "the proposal expires after 30 days"));
    }
    tableChange()
        .ifPresent(
            schema -> {
              String table = TableName.of(product, current.major()).toString();
              for (SchemaEvolution.Step step : schema.steps()) {
                steps.add(new Step(step.verb(), table, step.path() + " " + step.detail(), ""));
              }
              if (schema.steps().isEmpty()) {
                steps.add(new Step("order columns", table, "as in the contract", ""));
              }
            });
    rights.ifPresent(each -> steps.addAll(each.renamedColumns()));
    if (!filters.isEmpty()) {
      steps.add(
          new Step(
              "filter columns",
              TableName.of(product, current.major()).toString(),
              String.join(", ", FilteredColumns.columns(filters))
                  + ", in files written from now on",
              ""));
    }
    steps.add(
        new Step(
            "apply",
            product + " " + version,
            "replaces " + current.version() + tableUnchanged(),
            "amend it again, if that is compatible"));
    if (!consumers.isEmpty()) {
      steps.add(
          new Step(
              "notify",
              consumers.size() + (consumers.size() == 1 ? " subscription" : " subscriptions"),
              consumers.stream().map(ProductConsumer::name).collect(Collectors.joining(", ")),
              ""));
    }
    return steps;
  }

  private String tableUnchanged() {
    return tableChange().isPresent() || !filters.isEmpty() ? "" : "; the table does not change";
  }
}
