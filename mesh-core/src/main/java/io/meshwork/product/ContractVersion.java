package io.meshwork.product;

import io.meshwork.error.ErrorCode;
import io.meshwork.error.InvalidRequestException;
import java.util.Comparator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A contract's version. The system chooses it from what changed; a producer may only raise it.
 * Immutable, ordered by major, minor, patch.
 *
 * @param major rises when consumers would break; each has a table of its own
 * @param minor rises when consumers get more
 * @param patch rises when consumers see no difference
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
   * @throws InvalidRequestException if the text is not of that form
   */
  public static ContractVersion parse(String text) {
    Matcher matcher = TEXT.matcher(text);
    if (!matcher.matches()) {
      throw new InvalidRequestException(
          ErrorCode.INVALID_ARGUMENT,
          "Cannot read '"
              + Names.shown(text)
              + "' as a contract version: write major.minor.patch, such as 1.2.0.");
    }
    return new ContractVersion(
        Integer.parseInt(matcher.group(1)),
        Integer.parseInt(matcher.group(2)),
        Integer.parseInt(matcher.group(3)));
  }

  /**
   * The version after this one. An amendment becomes the next minor, on the day agreed upon.
   *
   * @return this one for {@link Verdict#NONE}
   * @throws InvalidRequestException INVALID_ARGUMENT for {@link Verdict#REFUSED}, and for a part
   *     that cannot rise any more
   */
  public ContractVersion next(Verdict verdict) {
    try {
      return switch (verdict) {
        case NONE -> this;
        case PATCH -> new ContractVersion(major, minor, Math.incrementExact(patch));
        case MINOR, AMENDMENT -> new ContractVersion(major, Math.incrementExact(minor), 0);
        case MAJOR -> new ContractVersion(Math.incrementExact(major), 0, 0);
        case REFUSED ->
            throw new InvalidRequestException(
                ErrorCode.INVALID_ARGUMENT,
                "Cannot give the version after "
                    + this
                    + ": a change that is refused has none. Mend the contract first.");
      };
    } catch (ArithmeticException e) {
      throw new InvalidRequestException(
          ErrorCode.INVALID_ARGUMENT,
          "Cannot give the version after " + this + ": a part is at its limit. Raise another.");
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
}
