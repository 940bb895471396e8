package io.meshwork.internal.catalog;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import io.meshwork.internal.ledger.DocumentCodec;
import io.meshwork.internal.ledger.VersionedDocument;
import io.meshwork.product.ContractVersion;
import io.meshwork.product.MajorVersion;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;

/** The document of a major version. A change of it writes the parts that change. Immutable. */
public record MajorEntry(
    @JsonUnwrapped Status status,
    @JsonUnwrapped Companions companions,
    @JsonUnwrapped Succession succession,
    @JsonUnwrapped Rollouts rollouts,
    @JsonUnwrapped Retirement retirement) {
  /**
   * What may be done with it.
   *
   * @param contractVersion the current contract version
   * @param fencedIn its state before its consumers were counted for the last time
   */
  public record Status(
      int major, MajorState state, ContractVersion contractVersion, Optional<MajorState> fencedIn) {
    /** Returns the same in another state. */
    public Status in(MajorState next) {
      return new Status(major, next, contractVersion, fencedIn);
    }

    /** Returns the same with another contract version. */
    public Status amended(ContractVersion next) {
      return new Status(major, state, next, fencedIn);
    }
  }

  /**
   * The other major versions that each publish to this one also writes, ascending; none unless a
   * rollout is past its cut-over.
   */
  public record Companions(List<Integer> publishedWith) {
    public Companions {
      publishedWith = publishedWith.stream().distinct().sorted().toList();
    }

    /** Returns these and others. */
    public Companions with(Collection<Integer> added) {
      return new Companions(Stream.concat(publishedWith.stream(), added.stream()).toList());
    }

    /** Returns the rest of these. */
    public Companions without(int removed) {
      return new Companions(publishedWith.stream().filter(each -> each != removed).toList());
    }
  }

  /**
   * What replaces it.
   *
   * @param successor the major that replaces it; empty if none was named
   * @param because why it is replaced or was retired; empty if no reason was given
   * @param retireAfter the last day on which it is read, in UTC; empty if none was proposed
   * @param end present if the product ends with it, so that no other major version replaces it
   */
  public record Succession(
      Optional<Integer> successor,
      Optional<String> because,
      Optional<LocalDate> retireAfter,
      Optional<End> end) {
    /** Returns the same for another reason. */
    public Succession because(Optional<String> reason) {
      return new Succession(successor, reason, retireAfter, end);
    }
  }

  /** The end of a product, and what replaces it in another one. */
  public record End(@JsonUnwrapped Optional<MajorVersion> next) {}

  /**
   * The rollouts that it is in.
   *
   * @param rollout the rollout that replaces it, replaced it, or amends its contract
   * @param replaces the major that it replaces in a rollout that has not ended
   */
  public record Rollouts(OptionalInt rollout, OptionalInt replaces) {
    static final Rollouts NONE = new Rollouts(OptionalInt.empty(), OptionalInt.empty());

    /** Returns the same in another rollout, or in none. */
    public Rollouts in(OptionalInt number) {
      return new Rollouts(number, replaces);
    }

    /** Returns the same in place of another major, or of none. */
    public Rollouts replacing(OptionalInt replaced) {
      return new Rollouts(rollout, replaced);
    }
  }

  /**
   * How it was taken out of use.
   *
   * @param retiredAt when it was retired or withdrawn; empty while it is in use
   * @param retiredTable the version of the document of its table then. While that document has this
   *     version, its rows are the same as then
   * @param wasCurrent true if it was withdrawn, and was the current one until then
   */
  public record Retirement(
      Optional<Instant> retiredAt,
      Optional<String> retiredTable,
      @JsonInclude(JsonInclude.Include.NON_DEFAULT) boolean wasCurrent) {}

  /**
   * Reads its document.
   *
   * @throws io.meshwork.error.BackendException if this version of Meshwork does not know its state
   */
  public static MajorEntry of(VersionedDocument stored) {
    return DocumentCodec.of(MajorEntry.class).read(stored);
  }
}
