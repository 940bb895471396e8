package io.meshwork.cli.program;

import java.util.Optional;
import picocli.CommandLine.IVersionProvider;

/** The version that {@code mesh --version} prints: the version of the jar. */
final class ProgramVersion implements IVersionProvider {
  @Override
  public String[] getVersion() {
    return new String[] {
      "mesh "
          + Optional.ofNullable(ProgramVersion.class.getPackage().getImplementationVersion())
              .orElse("without a version, because its classes are not in a jar")
    };
  }
}
