package io.meshwork.cli.internal.rollout;

import java.time.LocalDate;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options of each start: of a new major version, an end, and an amendment. */
final class StartTerms {
  @Option(
      names = "--because",
      required = true,
      paramLabel = "TEXT",
      description = "The reason, which consumers see")
  private String because;

  @Option(
      names = "--retire-after",
      paramLabel = "DATE",
      description = "The last day of what ends, in UTC. Default: as early as its notice allows")
  private @Nullable LocalDate retireAfter;

  String because() {
    return because;
  }

  Optional<LocalDate> retireAfter() {
    return Optional.ofNullable(retireAfter);
  }
}
