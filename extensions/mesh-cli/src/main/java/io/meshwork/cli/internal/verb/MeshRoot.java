package io.meshwork.cli.internal.verb;

import io.meshwork.cli.internal.shell.CommandShell;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine;

/** The command {@code mesh} with the options that all verbs take, as a verb sees it. */
public interface MeshRoot {
  /** Returns the streams and variables of the process. */
  CommandShell shell();

  /** Returns the command with its verbs. */
  CommandLine commandLine();

  /** Returns the address of {@code --mesh}. */
  Optional<String> mesh();

  /** Returns the principal of {@code --as}. */
  Optional<String> actingAs();

  /** Returns the folders outside the mesh, by their names. */
  Map<String, Path> readingFrom();

  /** True if the answer is printed as one document. */
  boolean asJson();
}
