package io.meshwork.internal.catalog;

import io.meshwork.contract.Contract;
import io.meshwork.error.Finding;
import io.meshwork.error.Finding.Severity;
import io.meshwork.error.FindingCode;
import io.meshwork.internal.ledger.CommitDraft;
import io.meshwork.product.ProductName;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.iceberg.Schema;

/**
 * The protection of a major and of those that share rows with it, which is the strictest that was
 * raised in one of them. Each major has it besides its own contract, whatever its state is, so that
 * one that opens later has it already. Immutable.
 *
 * @param others the majors that share rows with it
 */
public record SharedProtection(ProductName product, VersionEntry major, List<VersionEntry> others) {
  /** Copies the list. */
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
      return Protection.of(next, Optional.of(table));
    }
  }

  /** The new contract as it protects rows: with what other majors in use hold. */
  public Contract inEffect(NextContract amendment) {
    return after(amendment).applyTo(amendment.next(), Optional.of(amendment.table()));
  }

  /** What an amendment changes in other majors, and what they hold although it lowers it. */
  public List<Finding> findings(NextContract amendment) {
    List<Finding> findings = new ArrayList<>();
    if (isOpen()) {
      for (VersionEntry other : others) {
        raised(other, after(other, amendment)).ifPresent(findings::add);
      }
    }
    Protection next = amendment.protection();
    for (VersionEntry other : inUse()) {
      List<String> held =
          (isOpen() ? own(other) : now(other)).beyond(next, Optional.of(amendment.table()));
      if (!held.isEmpty()) {
        findings.add(
            warning(
                FindingCode.PROTECTION_RETAINED,
                "Major version "
                    + other.major()
                    + ", which has the same rows, holds "
                    + String.join(", ", held)
                    + ", so that this holds in major version "
                    + major.major()
                    + " too.",
                "Lower it there too, with amendContract(\""
                    + product
                    + "\").majorVersion("
                    + other.major()
                    + ")."));
      }
    }
    return findings;
  }

  /** What is raised in others when consumers can read it. */
  public List<Finding> findingsOfOpening() {
    return others.stream().flatMap(other -> raised(other, opened(other)).stream()).toList();
  }

  /** Protects the rows in all majors as an amendment does in this one. */
  public void amend(NextContract amendment, CommitDraft<?> draft) {
    write(major, after(amendment).without(amendment.next(), Optional.of(amendment.table())), draft);
    if (isOpen()) {
      others.forEach(other -> write(other, stricter(other, after(other, amendment)), draft));
    }
  }

  /** Protects the rows in all majors as they are in this one, which consumers can read from now. */
  public void open(CommitDraft<?> draft) {
    others.forEach(other -> write(other, stricter(other, opened(other)), draft));
  }

  /** A major that is prepared does not change others before it opens. */
  private boolean isOpen() {
    return major.state() != MajorState.PREPARED;
  }

  private List<VersionEntry> inUse() {
    return others.stream().filter(other -> other.state().isLive()).toList();
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

  private Protection opened(VersionEntry other) {
    return other
        .protectionOfOthers()
        .after(now(other), now(major).and(now(other)), Protection.NONE);
  }

  private Optional<Finding> raised(VersionEntry other, Protection after) {
    List<String> raised = after.beyond(now(other), other.schemaWithIds());
    return raised.isEmpty()
        ? Optional.empty()
        : Optional.of(
            warning(
                FindingCode.PROTECTION_SHARED,
                "Major version "
                    + other.major()
                    + " ("
                    + other.state()
                    + ") has the same rows, so that "
                    + String.join(", ", raised)
                    + " also holds in major version "
                    + other.major()
                    + " from now on.",
                "Grant its consumers what they need."));
  }

  private Finding warning(FindingCode code, String what, String fix) {
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
