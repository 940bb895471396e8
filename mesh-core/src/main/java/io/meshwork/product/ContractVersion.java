package io.meshwork.product;

import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.internal.naming.NameGrammar;
import java.util.Comparator;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The version of a contract, as in Semantic Versioning. Meshwork derives it from the changes; a
 * producer may only raise it. Immutable, ordered by major, minor, patch.
 *
 * @param major increases when consumers would fail; each major version has its own table
 * @param minor increases when consumers get more
 * @param patch increases when consumers see no difference
 */
public record ContractVersion(int major, int minor, int patch)
    implements Comparable<ContractVersion> {
  /** The version of a product's first contract. */
  public static final ContractVersion FIRST = new ContractVersion(1, 0, 0);

  private static final Pattern TEXT =
      Pattern.compile("([1-9][0-9]{0,8})\\.(0|[1-9][0-9]{0,8})\\.(0|[1-9][0-9]{0,8})");
  private static final Comparator<ContractVersion> ORDER =
      Comparator.comparingInt(ContractVersion::major)
          .thenComparingInt(ContractVersion::minor)
          .thenComparingInt(ContractVersion::patch);

  /**
   * Parses {@code major.minor.patch}.
   *
   * @throws InvalidRequestException INVALID_ARGUMENT if the string has another form
   */
  public static ContractVersion parse(String text) {
    Matcher matcher = TEXT.matcher(text);
    if (!matcher.matches()) {
      throw Failure.of(
              MeshAction.of(Verb.READ, "'" + NameGrammar.quoted(text) + "' as a contract version"))
          .because("a version has the form major.minor.patch")
          .fix("Use a version such as 1.2.0.")
          .invalidRequest(ErrorCode.INVALID_ARGUMENT);
    }
    return new ContractVersion(
        Integer.parseInt(matcher.group(1)),
        Integer.parseInt(matcher.group(2)),
        Integer.parseInt(matcher.group(3)));
  }

  /**
   * Returns the next version. An amendment becomes the next minor, on its effective date.
   *
   * @return this one for {@link Verdict#NONE}
   * @throws InvalidRequestException INVALID_ARGUMENT for {@link Verdict#REFUSED}, and for a part
   *     that is at its limit
   */
  public ContractVersion next(Verdict verdict) {
    try {
      return switch (verdict) {
        case NONE -> this;
        case PATCH -> new ContractVersion(major, minor, Math.incrementExact(patch));
        case MINOR, AMENDMENT -> new ContractVersion(major, Math.incrementExact(minor), 0);
        case MAJOR -> new ContractVersion(Math.incrementExact(major), 0, 0);
        case REFUSED ->
            throw Failure.of(MeshAction.of(Verb.COMPUTE, "the version after " + this))
                .because("one of the contracts is not valid")
                .fix("Fix the contract first.")
                .invalidRequest(ErrorCode.INVALID_ARGUMENT);
      };
    } catch (ArithmeticException e) {
      throw Failure.of(MeshAction.of(Verb.COMPUTE, "the version after " + this))
          .because("a part is at its limit")
          .fix("Raise another part of the version.")
          .invalidRequest(ErrorCode.INVALID_ARGUMENT);
    }
  }

  @Override
  public int compareTo(ContractVersion other) {
    return ORDER.compare(this, other);
  }

  @Override
  public String toString() {
    return major + "." + minor + "." + patch;
  }

  /**
   * What a change of a contract means for its version, from the least to the most severe up to
   * {@code MAJOR}. {@code REFUSED} is separate: an invalid contract has no version.
   */
  public enum Verdict {
    /** Nothing changed; there is no new version. */
    NONE,
    /** Consumers see no difference. */
    PATCH,
    /** Consumers get more, and readers of the old version can read the new one. */
    MINOR,
    /** A term other than the columns gets weaker; with the consumers' consent it is a minor. */
    AMENDMENT,
    /** Consumers would fail or misread values: the change needs a new major version. */
    MAJOR,
    /** One of the contracts is not valid; nothing else was compared. */
    REFUSED;

    /** Returns the more severe of both; {@code REFUSED} is the most severe. */
    public Verdict orWorse(Verdict other) {
      return compareTo(other) >= 0 ? this : other;
    }

    /** Returns the name in lower case, as changelogs write it. */
    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }
}
