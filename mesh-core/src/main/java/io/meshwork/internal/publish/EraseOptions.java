package io.meshwork.internal.publish;

import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.internal.predicate.GivenFilter;
import io.meshwork.internal.publish.run.PublishOptions;
import io.meshwork.operation.Operation.Progress;
import io.meshwork.product.ProductName;
import io.meshwork.publish.PublishReceipt.PublishMode;
import java.time.Duration;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * An erase of rows, which adds none.
 *
 * @param filter the erased rows
 * @param quarantine true to erase only from the quarantines; the filter is on their columns
 * @param others the filters of the same rows in other major versions
 * @param major the major version of the filter; null for the current one
 * @param only true to erase from that major version alone
 * @param reason why the rows are erased
 * @param key the idempotency key; null if none was set
 * @param progress the listener for progress
 * @param timeout the maximum duration; null for the mesh's default
 */
public record EraseOptions(
    ProductName product,
    GivenFilter filter,
    boolean quarantine,
    Map<Integer, String> others,
    @Nullable Integer major,
    boolean only,
    String reason,
    @Nullable String key,
    Progress progress,
    @Nullable Duration timeout) {
  public EraseOptions {
    others = Map.copyOf(others);
  }

  /** Returns the action, for messages and logs. */
  public MeshAction action() {
    return quarantine
        ? MeshAction.of(Verb.ERASE, "the quarantine of " + product)
        : MeshAction.of(Verb.ERASE, product);
  }

  /** Returns the options of the publish without rows that erases. */
  PublishOptions publish() {
    PublishOptions options =
        new PublishOptions()
            .major(major)
            .only(only)
            .mode(quarantine ? PublishMode.ERASE_QUARANTINE : PublishMode.ERASE)
            .filter(filter)
            .reason(reason)
            .key(key)
            .progress(progress)
            .timeout(timeout);
    others.forEach((other, rows) -> options.alsoTo(other, Function.identity(), rows));
    return options;
  }
}
