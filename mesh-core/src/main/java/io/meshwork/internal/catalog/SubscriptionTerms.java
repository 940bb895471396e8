package io.meshwork.internal.catalog;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.meshwork.card.ProductConsumer.MajorMode;
import io.meshwork.internal.ledger.StoredConstant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What a subscription reads and why. Immutable.
 *
 * @param mode how it chose its major version, in lower case
 * @param major the major version that it reads
 * @param purpose the purpose of its reads
 * @param contact the recipient of notices
 * @param atMost the maximum number of added rows in a batch; empty for the default
 * @param columns paths; empty for all
 * @param where the filter in canonical form; empty for all rows
 * @param readBefore the major versions that it read and left, ascending
 * @param deprecatedBecause the reason to read a deprecated major version; empty if it needed none
 */
public record SubscriptionTerms(
    @JsonProperty("majorMode") String mode,
    int major,
    String purpose,
    String contact,
    OptionalLong atMost,
    List<String> columns,
    Optional<String> where,
    List<Integer> readBefore,
    Optional<String> deprecatedBecause) {
  private static final long DEFAULT_LIMIT = 1_000_000;

  public SubscriptionTerms {
    columns = List.copyOf(columns);
    readBefore = List.copyOf(readBefore);
  }

  /** Returns how a mode is stored. */
  public static String stored(MajorMode mode) {
    return mode.name().toLowerCase(Locale.ROOT);
  }

  /** Returns how it chose its major version. */
  public MajorMode majorMode() {
    return StoredConstant.of(MajorMode.class, mode, "a subscription");
  }

  /** Returns true if it moves to the current major version when it is read. */
  public boolean follows() {
    return mode.equals(stored(MajorMode.FOLLOWING));
  }

  /** Returns the maximum number of added rows in a batch. */
  public long limit() {
    return atMost.orElse(DEFAULT_LIMIT);
  }
}
