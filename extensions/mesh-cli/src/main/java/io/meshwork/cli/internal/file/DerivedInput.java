package io.meshwork.cli.internal.file;

import io.meshwork.MeshClient;
import io.meshwork.cli.internal.shell.UsageException;
import io.meshwork.product.Snapshot;
import io.meshwork.publish.Publish;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An input of published rows, as {@code PRODUCT}, {@code PRODUCT@SNAPSHOT}, or with {@code
 * :COLUMN=INPUT,COLUMN=INPUT}, with the published column first.
 *
 * @param product the product
 * @param snapshot the snapshot; empty for the current one
 * @param columns the pairs of columns; empty if they are not stated
 */
public record DerivedInput(String product, Optional<String> snapshot, String[] columns) {
  private static final Pattern FORM = Pattern.compile("([^@:]+)(?:@([^:]+))?(?::(.+))?");

  public static DerivedInput parse(String text) {
    Matcher parts = FORM.matcher(text);
    if (!parts.matches()) {
      throw new UsageException(
          "An input is PRODUCT, PRODUCT@SNAPSHOT, or PRODUCT:COLUMN=INPUT,…, not " + text + ".");
    }
    String columns = parts.group(3);
    return new DerivedInput(
        parts.group(1),
        Optional.ofNullable(parts.group(2)),
        columns == null ? new String[0] : columns.split(",", -1));
  }

  public void addTo(Publish<?> publish, MeshClient client) {
    Snapshot latest =
        snapshot.isEmpty()
            ? client
                .describe(product)
                .current()
                .orElseThrow(() -> new UsageException(product + " has no snapshot yet."))
            : client.read(product).snapshots().stream()
                .filter(each -> each.id().equals(snapshot.get()))
                .findFirst()
                .orElseThrow(
                    () -> new UsageException(product + " has no snapshot " + snapshot.get() + "."));
    publish.derivedFrom(latest, columns);
  }
}
