package io.meshwork.internal.catalog;

import static io.meshwork.internal.catalog.MajorState.PREPARED;
import static io.meshwork.internal.catalog.MajorState.RETIRED;

import io.meshwork.contract.Contract;
import io.meshwork.error.Finding;
import io.meshwork.error.Finding.Severity;
import io.meshwork.error.FindingCode;
import io.meshwork.internal.ledger.CommitDraft;
import io.meshwork.product.ProductName;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.apache.iceberg.Schema;

/**
 * The protection of a major and of majors that share rows with it, which is the strictest that was
 * raised in one of them. Each major has it besides its own contract, whatever its state is, so that
 * one that opens later has it already. Immutable.
 *
 * @param others the majors that share rows with it
 */
public record SharedProtection(ProductName product, VersionEntry major, List<VersionEntry> others) {
  private static final String FROM_NOW_ON = "from now on";

  public SharedProtection {
    others = List.copyOf(others);
  }

  /**
   * An amendment of its contract.
   *
   * @param next the new contract
   * @param table its columns
   */
  public record NextContract(Contract next, Schema table) {
    private Protection protection() {
      return Protection.of(next, table);
    }
  }

  /** The new contract as it protects rows: with what other majors in use hold. */
  public Contract inEffect(NextContract amendment) {
    return after(amendment).applyTo(amendment.next(), amendment.table());
  }

  /** What an amendment changes in other majors, and what they hold although it lowers it. */
  public List<Finding> findings(NextContract amendment) {
    List<Finding> findings = new ArrayList<>();
    Protection next = amendment.protection();
    if (isOpen()) {
      for (VersionEntry version : others) {
        raised(version, after(version, amendment), FROM_NOW_ON).ifPresent(findings::add);
      }
    } else {
      for (VersionEntry version : inUse()) {
        raisedOnceOpen(version, next).ifPresent(findings::add);
      }
    }
    findings.addAll(disjoint(next, isOpen() ? SharedProtection::own : SharedProtection::now));
    for (VersionEntry version : inUse()) {
      List<String> held = (isOpen() ? own(version) : now(version)).beyond(next, amendment.table());
      if (!held.isEmpty()) {
        findings.add(
            warning(
                FindingCode.PROTECTION_RETAINED,
                "Major version "
                    + version.major()
                    + ", which has the same rows, holds "
                    + String.join(", ", held)
                    + ", so that this holds in major version "
                    + major.major()
                    + " too.",
                "Lower it there too, with " + amendContract(version) + "."));
      }
    }
    return findings;
  }

  /** What is raised in others when consumers can read it. */
  public List<Finding> findingsOfOpening() {
    List<Finding> findings = new ArrayList<>(disjoint(own(major), SharedProtection::now));
    for (VersionEntry version : others) {
      raised(version, opened(version, now(major)), FROM_NOW_ON).ifPresent(findings::add);
    }
    return findings;
  }

  /**
   * What a new major, which replaces this one, raises in it once consumers can read it.
   *
   * @param next its number
   */
  public static Optional<Finding> raisedOnceOpen(
      ProductName product, VersionEntry replaced, int next, NextContract contract) {
    return raised(product, replaced, opened(replaced, contract.protection()), onceOpen(next));
  }

  /**
   * That no purpose would be allowed: an error between majors in use, and a warning for others,
   * which cannot be opened then.
   *
   * @param next the protection by the contract of this major
   * @param protection the protection of another major in use
   */
  private List<Finding> disjoint(Protection next, Function<VersionEntry, Protection> protection) {
    List<Protection> open = new ArrayList<>(inUse().stream().map(protection).toList());
    open.add(next);
    if (Protection.allowNoPurpose(open)) {
      return List.of(disjointInUse(next, protection));
    }
    return others.stream()
        .filter(each -> each.state() == PREPARED || each.state() == RETIRED)
        .filter(each -> isOpen() && Protection.allowNoPurpose(with(open, own(each))))
        .map(this::disjointClosed)
        .toList();
  }

  private static List<Protection> with(List<Protection> open, Protection other) {
    List<Protection> all = new ArrayList<>(open);
    all.add(other);
    return all;
  }

  private Finding disjointInUse(Protection next, Function<VersionEntry, Protection> protection) {
    List<String> allowed = new ArrayList<>();
    List<String> calls = new ArrayList<>();
    for (VersionEntry version : inUse()) {
      if (!protection.apply(version).purposes().isEmpty()) {
        allowed.add(
            "version "
                + version.major()
                + " allows "
                + String.join(", ", protection.apply(version).purposes()));
        calls.add(amendContract(version));
      }
    }
    return Finding.error(
        FindingCode.PURPOSES_DISJOINT,
        product.toString(),
        "Major versions that have the same rows would allow no common purpose: "
            + String.join(", ", allowed)
            + ", and version "
            + major.major()
            + " would allow "
            + String.join(", ", next.purposes())
            + ".",
        "Allow a purpose in all of them, also with " + String.join(" and ", calls) + ".");
  }

  private Finding disjointClosed(VersionEntry version) {
    return warning(
        FindingCode.PURPOSES_DISJOINT,
        "Major version "
            + version.major()
            + " ("
            + version.state()
            + "), which has the same rows, allows only "
            + String.join(", ", own(version).purposes())
            + ", so that it cannot be opened.",
        "Allow one of its purposes if consumers are to read it.");
  }

  private String amendContract(VersionEntry version) {
    return "amendContract(\"" + product + "\").majorVersion(" + version.major() + ")";
  }

  /** Protects the rows in all majors as an amendment does in this one. */
  public void amend(NextContract amendment, CommitDraft<?> draft) {
    write(major, after(amendment).without(amendment.next(), amendment.table()), draft);
    if (isOpen()) {
      others.forEach(
          version -> write(version, stricter(version, after(version, amendment)), draft));
    }
  }

  /** Protects the rows in all majors as in this one, which consumers can read from now. */
  public void open(CommitDraft<?> draft) {
    others.forEach(
        version -> write(version, stricter(version, opened(version, now(major))), draft));
  }

  /** A major that is prepared does not change others before it opens. */
  private boolean isOpen() {
    return major.state() != PREPARED;
  }

  private List<VersionEntry> inUse() {
    return others.stream().filter(version -> version.state().isLive()).toList();
  }

  /** What protects it besides its own contract after an amendment. */
  private Protection after(NextContract amendment) {
    return isOpen()
        ? after(major, amendment)
        : inUse().stream()
            .map(SharedProtection::now)
            .reduce(major.protectionOfOthers(), Protection::and);
  }

  private Protection after(VersionEntry version, NextContract amendment) {
    Protection held =
        inUse().stream().map(SharedProtection::own).reduce(Protection.NONE, Protection::and);
    return version.protectionOfOthers().after(now(major), amendment.protection(), held);
  }

  private static Protection now(VersionEntry version) {
    return Protection.of(version.contract(), version.schemaWithIds());
  }

  private static Protection own(VersionEntry version) {
    return Protection.of(version.ownContract(), version.schemaWithIds());
  }

  private static Protection opened(VersionEntry other, Protection opened) {
    return other.protectionOfOthers().after(now(other), opened.and(now(other)), Protection.NONE);
  }

  private Optional<Finding> raisedOnceOpen(VersionEntry version, Protection next) {
    return raised(version, opened(version, next), onceOpen(major.major()));
  }

  private static String onceOpen(int major) {
    return "once major version " + major + " opens";
  }

  private Optional<Finding> raised(VersionEntry version, Protection after, String when) {
    return raised(product, version, after, when);
  }

  private static Optional<Finding> raised(
      ProductName product, VersionEntry version, Protection after, String when) {
    List<String> raised = after.beyond(now(version), version.schemaWithIds());
    return raised.isEmpty()
        ? Optional.empty()
        : Optional.of(
            warning(
                product,
                FindingCode.PROTECTION_SHARED,
                "Major version "
                    + version.major()
                    + " ("
                    + version.state()
                    + ") has the same rows, so that "
                    + String.join(", ", raised)
                    + " also holds in major version "
                    + version.major()
                    + " "
                    + when
                    + ".",
                "Grant its consumers what they need."));
  }

  private Finding warning(FindingCode code, String what, String fix) {
    return warning(product, code, what, fix);
  }

  private static Finding warning(ProductName product, FindingCode code, String what, String fix) {
    return new Finding(code, Severity.WARNING, product.toString(), what, 0, List.of(), fix);
  }

  private static Protection stricter(VersionEntry version, Protection after) {
    return after.without(version.ownContract(), version.schemaWithIds());
  }

  private static void write(VersionEntry version, Protection after, CommitDraft<?> draft) {
    if (!after.equals(version.protectionOfOthers())) {
      draft.change(version.majorStored(), after::writeTo);
    }
  }
}
