package io.meshwork.internal.rollout.start;

import io.meshwork.contract.Compatibility;
import io.meshwork.contract.Contract;
import io.meshwork.contract.ContractDifference;
import io.meshwork.contract.OnViolation;
import io.meshwork.error.Finding;
import io.meshwork.error.FindingCode;
import io.meshwork.error.MeshAction;
import io.meshwork.internal.catalog.SharedProtection;
import io.meshwork.internal.catalog.SharedProtection.NextContract;
import io.meshwork.internal.catalog.VersionEntry;
import io.meshwork.internal.contract.ContractSuccession;
import io.meshwork.internal.majors.ConsumerImpact;
import io.meshwork.internal.majors.ContractChecks;
import io.meshwork.internal.majors.NewMajor;
import io.meshwork.internal.majors.ReaderRights.MissingRight;
import io.meshwork.internal.predicate.RowPredicate;
import io.meshwork.internal.quality.RuleTargets;
import io.meshwork.internal.rollout.RolloutEntry;
import io.meshwork.internal.rollout.consumers.RolloutGuard;
import io.meshwork.internal.scan.PinnedProducts;
import io.meshwork.internal.schema.SchemaEvolution;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.internal.table.TableColumns;
import io.meshwork.product.ProductName;
import io.meshwork.rollout.TermsAmendment.AmendedTerm;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.iceberg.types.Types;

/** Collects the changes of a rollout that is to start, and what prevents it. Not thread-safe. */
final class StartFindings {
  private final ProductName product;
  private final VersionEntry current;
  private final TableColumns columns;
  private final NewMajor next;
  private final StartTerms terms;
  private final List<Finding> findings = new ArrayList<>();

  StartFindings(
      ProductName product,
      VersionEntry current,
      TableColumns columns,
      NewMajor next,
      StartTerms terms) {
    this.product = product;
    this.current = current;
    this.columns = columns;
    this.next = next;
    this.terms = terms;
  }

  List<Finding> all() {
    return List.copyOf(findings);
  }

  /**
   * Rejects renamings of columns that do not exist, two columns that become one, and a column that
   * becomes one of another struct, which no renaming can fill.
   */
  void addRenamings(Map<String, String> renamings) {
    Set<String> names = new HashSet<>();
    renamings.forEach(
        (old, now) -> {
          if (columns.schema().findField(old) == null) {
            error(
                FindingCode.RENAMING_UNKNOWN,
                old,
                "The current contract has no column " + old + ".");
          } else if (next.schema().findField(now) == null) {
            error(FindingCode.RENAMING_UNKNOWN, now, "The new contract has no column " + now + ".");
          } else if (!names.add(now)) {
            error(FindingCode.RENAMING_UNKNOWN, now, "Two columns are renamed to " + now + ".");
          } else if (!parent(now).equals(renamed(parent(old), renamings))) {
            error(
                FindingCode.RENAMING_UNKNOWN,
                now,
                "The column " + old + " cannot move into another struct as " + now + ".");
          }
        });
  }

  /** Returns the struct that contains a column; empty for a column of the row. */
  private static String parent(String column) {
    return column.substring(0, Math.max(0, column.lastIndexOf('.')));
  }

  /** Returns the path of a struct in the new contract. */
  private static String renamed(String struct, Map<String, String> renamings) {
    if (struct.isEmpty() || renamings.containsKey(struct)) {
      return renamings.getOrDefault(struct, struct);
    }
    String outer = renamed(parent(struct), renamings);
    String name = struct.substring(struct.lastIndexOf('.') + 1);
    return outer.isEmpty() ? name : outer + "." + name;
  }

  private void error(FindingCode code, String where, String what) {
    findings.add(
        Finding.error(
            code,
            where,
            what,
            "Correct renameColumn(..), or map the rows with publish(..) and backFill(..)."));
  }

  /**
   * Rejects a filter of excluded rows that does not fit the new contract.
   *
   * @param older an open rollout to the current major version that excludes rows
   */
  void addExclusion(Optional<RolloutEntry> older) {
    terms
        .excludedRows()
        .flatMap(filter -> RowPredicate.fault(filter, next.schema(), next.contract().schema()))
        .ifPresent(
            fault ->
                findings.add(
                    Finding.error(fault.code(), "excludeRows", fault.what(), fault.fix())));
    older.ifPresent(
        rollout ->
            findings.add(
                RolloutGuard.excludesRows(
                    rollout, "Retire major version " + rollout.from() + " first.")));
  }

  /** Adds all changes, and rejects a contract that an amendment can apply. */
  void addChanges(ContractSuccession succession, boolean subscribed) {
    for (ContractDifference.Change change : succession.difference().changes()) {
      findings.add(note(change));
    }
    if (!current.partitioning().equals(next.partitioning())) {
      return;
    }
    if (succession.difference().isEmpty()) {
      findings.add(
          Finding.error(
              FindingCode.NOTHING_CHANGES,
              product.toString(),
              "The new contract is the same as version " + current.version() + ".",
              "Set another contract or another partitioning."));
    } else if (!amendedTerms(succession, subscribed).isEmpty()) {
      findings.add(
          Finding.error(
              FindingCode.AMENDMENT_SUFFICES,
              product.toString(),
              "The contract only weakens promises of version "
                  + current.version()
                  + ", so no new major version is needed.",
              "Call amendTerms(\"" + product + "\") with this contract; consumers need not move."));
    } else if (isAmendable(succession, subscribed)) {
      findings.add(
          Finding.error(
              FindingCode.AMENDMENT_SUFFICES,
              product.toString(),
              "The change is compatible with version "
                  + current.version()
                  + " (verdict "
                  + succession.verdict()
                  + "), so no new major version is needed.",
              "Call amendContract(\"" + product + "\", contract); consumers need not move."));
    }
  }

  /**
   * The promises that the new contract weakens, if nothing in it needs a new major version; none if
   * something does, or if it weakens none.
   */
  List<AmendedTerm> amendedTerms(ContractSuccession succession, boolean subscribed) {
    return current.partitioning().equals(next.partitioning()) && isAmendable(succession, subscribed)
        ? succession.difference().changes().stream()
            .filter(ConsumerImpact::weakensPromise)
            .map(
                change ->
                    new AmendedTerm(
                        change.path(),
                        Optional.ofNullable(change.before()),
                        Optional.ofNullable(change.after())))
            .toList()
        : List.of();
  }

  /** Adds the changes of an amendment, and rejects what needs no notice, or a new major version. */
  void addAmendment(ContractSuccession succession, List<AmendedTerm> amended, boolean subscribed) {
    if (amended.isEmpty()) {
      addChanges(succession, subscribed);
      if (Finding.errors(findings).isEmpty()) {
        findings.add(
            Finding.error(
                FindingCode.NEW_MAJOR_NEEDED,
                product.toString(),
                "The contract does more than weaken promises of version "
                    + current.version()
                    + ", so it needs a new major version.",
                "Call startRollout(\"" + product + "\") with this contract."));
      }
      return;
    }
    List<String> others = new ArrayList<>();
    for (ContractDifference.Change change : succession.difference().changes()) {
      findings.add(note(change));
      if (!ConsumerImpact.weakensPromise(change)) {
        others.add(change.what());
      }
    }
    if (!others.isEmpty()) {
      findings.add(
          Finding.error(
              FindingCode.CHANGES_WITHOUT_NOTICE,
              product.toString(),
              "The contract also has changes that need no notice, and do not wait for one: "
                  + String.join(" ", others),
              "Make them first with amendContract(\""
                  + product
                  + "\"), where the contract keeps the present "
                  + amended.stream().map(AmendedTerm::term).collect(Collectors.joining(" and "))
                  + "."));
    }
    if (!subscribed) {
      warn(
          FindingCode.NO_SUBSCRIPTIONS,
          "The product has no subscriptions, so its contract can be amended without a notice.",
          "Call amendContract(\"" + product + "\") to amend it now.");
    }
  }

  private static Finding note(ContractDifference.Change change) {
    return new Finding(
        change.concernsTypeNames() ? FindingCode.NAME_CHANGED : change.code(),
        Finding.Severity.NOTE,
        change.path(),
        change.what(),
        0,
        List.of(),
        change.fix());
  }

  /** True if the change breaks no reader, and the table can be changed in place. */
  private boolean isAmendable(ContractSuccession succession, boolean subscribed) {
    Compatibility mode = current.contract().compatibility();
    boolean weakens =
        next.contract().compatibility() != mode || !succession.allowedByMode().isEmpty();
    return succession.obstacles().isEmpty()
        && mode != Compatibility.DISABLED
        && !(subscribed && weakens)
        && SchemaEvolution.of(
                columns.schema(),
                columns.lastColumnId(),
                columns.format(),
                columns.empty(),
                current.contract().schema(),
                next.contract().schema())
            .findings()
            .isEmpty();
  }

  /** Rejects less protection: rights on columns apply to the new major version too. */
  void addProtection(boolean openToMesh) {
    Contract before = current.contract();
    Contract after = next.contract();
    List<String> reduced = new ArrayList<>();
    if (after.classification().compareTo(before.classification()) < 0) {
      reduced.add("the classification of the product");
    }
    for (Types.NestedField column : next.schema().columns()) {
      String old = columns.schema().findColumnName(column.fieldId());
      if (old != null
          && after
                  .classificationOf(column.name())
                  .compareTo(before.classificationOf(old.split("\\.", 2)[0]))
              < 0) {
        reduced.add("the classification of " + column.name());
      }
    }
    if (before.requiresFourEyes() && !after.requiresFourEyes()) {
      reduced.add("the four-eyes rule");
    }
    if (after.allowsMorePurposesThan(before)) {
      reduced.add("the restriction to some purposes");
    }
    if (!reduced.isEmpty()) {
      findings.add(
          Finding.error(
              FindingCode.PROTECTION_REDUCED,
              product.toString(),
              "The new contract reduces protection: " + String.join(", ", reduced) + ".",
              "Keep the protection in the new contract. A second decider can reduce it later with"
                  + " amendContract(..)."));
    }
    if (openToMesh) {
      ContractChecks.tooSensitiveToBeOpen(after)
          .ifPresent(
              why ->
                  warn(
                      FindingCode.OPEN_AND_SENSITIVE,
                      "The product is open to the mesh, and "
                          + why
                          + ": columns above INTERNAL are hidden from other domains.",
                      "Grant them to consumers that need them."));
    }
  }

  /** Warns of the protection that the current major version gets once the new one opens. */
  void addRaisedProtection() {
    SharedProtection.raisedOnceOpen(
            product, current, next.number(), new NextContract(next.contract(), next.schema()))
        .ifPresent(findings::add);
  }

  /** Warns that bad rows are no longer quarantined in the current major version either. */
  void addViolationPolicy() {
    if (current.contract().onViolation() == OnViolation.QUARANTINE
        && next.contract().onViolation() == OnViolation.REJECT) {
      warn(
          FindingCode.VIOLATION_POLICY_CHANGED,
          "A bad row rejects the whole publish from the start of the rollout on, also to version "
              + current.version()
              + ", whose contract quarantines it: of two versions that a publish writes, the"
              + " stricter decides.",
          "To keep the quarantine, set onViolation(QUARANTINE) in the new contract.");
    }
  }

  /** Rejects a retirement before the end of the notice period. */
  void addDates(LocalDate earliest) {
    terms
        .retireAfter()
        .filter(date -> date.isBefore(earliest))
        .ifPresent(date -> findings.add(noticeTooShort(product, current, date, earliest)));
  }

  static Finding noticeTooShort(
      ProductName product, VersionEntry current, LocalDate date, LocalDate earliest) {
    return Finding.error(
        FindingCode.DATE_WITHIN_NOTICE,
        product.toString(),
        "Version "
            + current.version()
            + " has a notice period of "
            + current.contract().noticePeriod()
            + ", which ends on "
            + earliest
            + " at the earliest; "
            + date
            + " is before that.",
        "Call retireAfter(..) with " + earliest + " or later.");
  }

  /** Warns of consumers that could not read the new major version. */
  void addRights(List<MissingRight> missing) {
    missing.forEach(
        right ->
            warn(
                FindingCode.RIGHT_MISSING,
                right.subscription()
                    + ": "
                    + right.principal()
                    + " would read nothing of major version "
                    + next.number()
                    + "; it reads the current one by "
                    + right.grants()
                    + ".",
                right.fix()));
  }

  /** Warns of rules that cannot be evaluated. */
  void addRuleTargets(ClientSession session, MeshAction action) {
    findings.addAll(
        RuleTargets.missing(
            next.contract(), new PinnedProducts(session, product, session.deadline(), action)));
  }

  private void warn(FindingCode code, String what, String fix) {
    findings.add(
        new Finding(code, Finding.Severity.WARNING, product.toString(), what, 0, List.of(), fix));
  }
}
