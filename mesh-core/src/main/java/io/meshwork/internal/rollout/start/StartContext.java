package io.meshwork.internal.rollout.start;

import io.meshwork.contract.Contract;
import io.meshwork.contract.ContractDifference;
import io.meshwork.contract.Partition;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.error.MeshAction;
import io.meshwork.internal.catalog.DomainEntry;
import io.meshwork.internal.catalog.MajorState;
import io.meshwork.internal.catalog.MajorState.Use;
import io.meshwork.internal.catalog.ProductEntry;
import io.meshwork.internal.catalog.VersionEntry;
import io.meshwork.internal.consumers.SubscriberList;
import io.meshwork.internal.contract.ContractSuccession;
import io.meshwork.internal.majors.ConsumerImpact;
import io.meshwork.internal.majors.DownstreamProducts;
import io.meshwork.internal.majors.NewMajor;
import io.meshwork.internal.majors.ReaderRights;
import io.meshwork.internal.majors.ReaderRights.MissingRight;
import io.meshwork.internal.rollout.Differences;
import io.meshwork.internal.rollout.RetirementEntry;
import io.meshwork.internal.rollout.RolloutEntry;
import io.meshwork.internal.rollout.RolloutEntry.ExcludedRows;
import io.meshwork.internal.rollout.StoredRollout;
import io.meshwork.internal.rollout.consumers.RolloutGuard;
import io.meshwork.internal.rollout.retirement.NextStep;
import io.meshwork.internal.rollout.start.ContractStartPlan.EvaluatedStart;
import io.meshwork.internal.schema.LegalSchema;
import io.meshwork.internal.schema.SchemaEvolution;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.internal.table.TableColumns;
import io.meshwork.internal.table.TableName;
import io.meshwork.product.ContractVersion;
import io.meshwork.product.ContractVersion.Verdict;
import io.meshwork.product.ProductName;
import io.meshwork.rollout.Rollout.State;
import io.meshwork.rollout.TermsAmendment.AmendedTerm;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.function.Function;
import org.apache.iceberg.SnapshotSummary;
import org.apache.iceberg.Table;

/** Reads what a rollout that is to start depends on, and evaluates it. Used once. */
final class StartContext {
  private final ClientSession session;
  private final ProductName product;
  private final StartTerms terms;
  private final MeshAction action;
  private final DomainEntry domain;
  private final ProductEntry entry;
  private final List<VersionEntry> majors;
  private final VersionEntry current;
  private final int live;
  private final Table table;
  private final TableColumns columns;
  private final Instant now;
  private final Map<String, String> renamings;
  private final NewMajor next;
  private final ContractSuccession succession;
  private final List<SubscriberList.Entry> subscribers;
  private final StartFindings findings;

  /** Reads the current state. */
  StartContext(ClientSession session, ProductName product, StartTerms terms, MeshAction action) {
    this.session = session;
    this.product = product;
    this.terms = terms;
    this.action = action;
    this.domain = session.authorizer().requireOwner(product.domain(), action);
    this.entry = session.catalog().requireProduct(product, action);
    this.majors = majors();
    this.current = newestActive();
    this.live =
        (int) majors.stream().map(VersionEntry::state).filter(StartContext::isInUse).count();
    this.table = session.tables().load(TableName.of(product, current.major()));
    this.columns = TableColumns.of(table);
    this.now = session.runtime().clock().instant();
    this.renamings = renamings();
    this.next = next();
    this.succession =
        ConsumerImpact.succession(
            session.catalog().contracts(product, current.major()).headMap(current.version(), true),
            columns.schema(),
            next.contract(),
            next.schema());
    this.subscribers = SubscriberList.of(session, product, current);
    this.findings = new StartFindings(product, current, columns, next, terms);
  }

  private List<VersionEntry> majors() {
    List<VersionEntry> all = new ArrayList<>();
    for (int major : session.catalog().majors(product)) {
      all.add(session.catalog().requireFor(Use.DESCRIBE, product, major, action));
    }
    return all;
  }

  /** The major version that is replaced: the newest active one. */
  private VersionEntry newestActive() {
    VersionEntry newest = null;
    for (VersionEntry major : majors) {
      newest = major.state() == MajorState.ACTIVE ? major : newest;
    }
    if (newest == null) {
      throw conflict(
          "it has no active major version: the product ended, or its rollout has not ended",
          "Complete or abort that rollout, or define a new product; see describe(\""
              + product
              + "\").");
    }
    int number = newest.rollout().orElse(0);
    if (number > 0) {
      throw conflict(
          "rollout " + number + " from major version " + newest.major() + " has not ended",
          next(number));
    }
    return newest;
  }

  private String next(int number) {
    return StoredRollout.entries(session.ledger(), product)
        .filter(rollout -> rollout.number() == number)
        .map(
            rollout ->
                NextStep.of(session, rollout)
                    + " See "
                    + rollout.reader()
                    + "; its abort() ends it without the change.")
        .findFirst()
        .orElse("See rollouts(\"" + product + "\").");
  }

  private static boolean isInUse(MajorState state) {
    return state.isLive() || state == MajorState.PREPARED;
  }

  private void requireFewMajors() {
    if (live >= RolloutGuard.MAX_LIVE_MAJORS) {
      throw conflict(
          live
              + " of its major versions are in use, and the limit is "
              + RolloutGuard.MAX_LIVE_MAJORS,
          "Retire the oldest first.");
    }
  }

  private RuntimeException conflict(String reason, String fix) {
    return Failure.of(action).because(reason).fix(fix).conflict(ErrorCode.STATE_CONFLICT);
  }

  /**
   * Evaluates the rollout of a new major version.
   *
   * @param withDownstream true to find the consumers without a subscription and the products that
   *     depend on it, for which all products of the mesh are read
   */
  EvaluatedStart evaluateMajor(boolean withDownstream) {
    requireFewMajors();
    EvaluatedStart.Impact impact =
        impact(
            withDownstream,
            new ReaderRights(session, domain, entry, now).missing(current, next, subscribers),
            bytesTwice());
    findings.addRenamings(renamings);
    findings.addExclusion(olderExclusion());
    findings.addChanges(succession, !subscribers.isEmpty());
    findings.addProtection(entry.openToMesh());
    findings.addRaisedProtection();
    findings.addViolationPolicy();
    findings.addDates(earliest());
    findings.addRights(impact.missingRights());
    findings.addRuleTargets(session, action);
    return evaluation(
        Optional.of(next),
        rollout(OptionalInt.of(next.number()), next.version(), List.of()),
        impact);
  }

  /**
   * Evaluates an amendment that weakens promises.
   *
   * @param withDownstream as above
   */
  EvaluatedStart evaluateAmendment(boolean withDownstream) {
    List<AmendedTerm> amended = findings.amendedTerms(succession, !subscribers.isEmpty());
    findings.addAmendment(succession, amended, !subscribers.isEmpty());
    findings.addProtection(false);
    findings.addDates(earliest());
    return evaluation(
        Optional.empty(),
        rollout(OptionalInt.empty(), current.version().next(Verdict.AMENDMENT), amended),
        impact(withDownstream, List.of(), 0));
  }

  private EvaluatedStart evaluation(
      Optional<NewMajor> created, RolloutEntry rollout, EvaluatedStart.Impact impact) {
    return new EvaluatedStart(
        domain,
        entry,
        current,
        created,
        rollout,
        terms,
        succession.difference(),
        impact,
        earliest(),
        findings.all());
  }

  /** The last day of the notice period of the current contract, if it begins today. */
  private LocalDate earliest() {
    return LocalDate.ofInstant(now, ZoneOffset.UTC).plus(current.contract().noticePeriod());
  }

  private EvaluatedStart.Impact impact(
      boolean withDownstream, List<MissingRight> missingRights, long bytesTwice) {
    List<ContractDifference.Change> breaking = ConsumerImpact.breaking(succession);
    Function<List<String>, List<ContractDifference.Change>> breaks =
        columnsRead -> ConsumerImpact.affecting(breaking, columnsRead);
    return new EvaluatedStart.Impact(
        withDownstream
            ? SubscriberList.affected(session, entry, current.major(), breaks, action)
            : ConsumerImpact.of(subscribers, breaking, now),
        withDownstream
            ? DownstreamProducts.of(session, entry, current.major(), breaks)
            : DownstreamProducts.NONE,
        missingRights,
        bytesTwice);
  }

  /** The open rollout to the current major version if it excludes rows. */
  private Optional<RolloutEntry> olderExclusion() {
    return StoredRollout.entries(session.ledger(), product)
        .filter(each -> each.leadsTo(current.major()) && !each.state().isEnded())
        .filter(each -> each.excludedRows().isPresent())
        .findFirst();
  }

  private RolloutEntry rollout(
      OptionalInt newMajor, ContractVersion version, List<AmendedTerm> amended) {
    return new RolloutEntry(
        product,
        StoredRollout.nextNumber(session.ledger(), product),
        current.major(),
        newMajor,
        Optional.empty(),
        version,
        State.PLANNED,
        terms.because(),
        terms.retireAfter().orElseGet(this::earliest),
        now,
        RolloutEntry.Dates.NONE,
        Differences.NONE,
        terms.excludedRows().map(filter -> new ExcludedRows(filter, terms.because())),
        Optional.of(terms.because()).filter(any -> terms.withoutHistory()),
        Optional.empty(),
        RetirementEntry.NONE,
        amended);
  }

  private NewMajor next() {
    Contract contract = terms.contract();
    boolean legal = LegalSchema.findings(contract.schema().toString(), columns.format()).isEmpty();
    int number = majors.get(majors.size() - 1).major() + 1;
    return NewMajor.first(
            product,
            contract,
            terms.partitioning().orElseGet(this::partitioning),
            legal ? columns.format() : LegalSchema.NEWEST_FORMAT,
            action)
        .following(number, columns, renamings);
  }

  /** The partitioning of the current major version, for the columns that continue. */
  private List<Partition> partitioning() {
    List<Partition> partitions = new ArrayList<>();
    for (Partition partition : current.partitioning()) {
      String name = renamings.getOrDefault(partition.column(), partition.column());
      if (terms.contract().schema().getField(name) != null) {
        partitions.add(new Partition(name, partition.transform(), partition.size()));
      }
    }
    return partitions;
  }

  /** The declared renamings, and the ones in the aliases of the new contract. */
  private Map<String, String> renamings() {
    Map<String, String> all = new TreeMap<>();
    SchemaEvolution.sources(current.contract().schema(), terms.contract().schema())
        .forEach(
            (name, old) -> {
              if (!name.equals(old)) {
                all.put(old, name);
              }
            });
    all.putAll(terms.renamings());
    return all;
  }

  private long bytesTwice() {
    if (terms.withoutHistory() || table.currentSnapshot() == null) {
      return 0;
    }
    return Long.parseLong(
        table.currentSnapshot().summary().getOrDefault(SnapshotSummary.TOTAL_FILE_SIZE_PROP, "0"));
  }
}
