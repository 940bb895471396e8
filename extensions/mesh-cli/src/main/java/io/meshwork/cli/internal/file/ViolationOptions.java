package io.meshwork.cli.internal.file;

import io.meshwork.contract.OnViolation;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What happens to rows that break a contract, in place of what its file states. */
public final class ViolationOptions {
  @Option(
      names = "--on-violation",
      paramLabel = "POLICY",
      description = "reject or quarantine; default: the file's, otherwise reject")
  private @Nullable OnViolation policy;

  @Option(
      names = "--max-quarantine-share",
      paramLabel = "PERCENT",
      description =
          "A publish with a greater share of bad rows is rejected; default: the file's, otherwise 10")
  private @Nullable Double share;

  /** Returns the policy that was stated. */
  public Optional<OnViolation> policy() {
    return Optional.ofNullable(policy);
  }

  /** Returns the share that was stated, in percent. */
  public Optional<Double> share() {
    return Optional.ofNullable(share);
  }
}
