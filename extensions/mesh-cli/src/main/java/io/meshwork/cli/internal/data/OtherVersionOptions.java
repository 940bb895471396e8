package io.meshwork.cli.internal.data;

import io.meshwork.cli.internal.file.MajorColumns;
import io.meshwork.publish.Publish;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Whether a publish in a rollout writes the other major version too. */
final class OtherVersionOptions {
  @Option(
      names = "--only-major",
      paramLabel = "N",
      description =
          "Publishes to this version only, not to the other one of a rollout; needs --because")
  private @Nullable Integer onlyMajor;

  @Mixin private Mappings mappings;

  @Option(names = "--because", paramLabel = "TEXT", description = "The reason, for the log")
  private @Nullable String because;

  /** The other versions, and how the rows are mapped to them. */
  static final class Mappings {
    @Option(
        names = "--also-to",
        paramLabel = "N[:COLUMN=OTHER,…]",
        description =
            "To version N of a rollout too, where COLUMN has the value of column OTHER of these"
                + " rows, a 'text', or none. Not needed if all columns follow from these and"
                + " back-fill had no --rename or --set")
    private @Nullable List<String> alsoTo;

    List<MajorColumns> alsoTo() {
      return alsoTo == null ? List.of() : alsoTo.stream().map(MajorColumns::parse).toList();
    }
  }

  /** Returns the mappings to other versions. */
  List<MajorColumns> alsoTo() {
    return mappings.alsoTo();
  }

  /** Returns the major version whose contract the rows have; null for the current one. */
  @Nullable Integer contractOf(@Nullable Integer major) {
    return onlyMajor == null ? major : onlyMajor;
  }

  /** Sets all but the mappings, which depend on the type of the rows. */
  void addTo(Publish<?> publish) {
    if (onlyMajor != null) {
      publish.onlyMajorVersion(onlyMajor);
    }
    if (because != null) {
      publish.because(because);
    }
  }
}
