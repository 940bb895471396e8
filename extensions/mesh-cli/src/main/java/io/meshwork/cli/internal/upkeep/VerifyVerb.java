package io.meshwork.cli.internal.upkeep;

import io.meshwork.Mesh;
import io.meshwork.error.Finding;
import java.util.List;
import picocli.CommandLine.Command;

/** Checks logs, documents, and files, without a look at leftovers. */
@Command(
    name = "verify",
    description = "Checks logs, documents, and files.",
    exitCodeList = {"20:There is damage.", "21:The registry or the store cannot be read."})
public final class VerifyVerb extends CheckVerb {
  @Override
  List<Finding> check(Mesh mesh) {
    return mesh.doctor().problems();
  }
}
