package io.meshwork.cli.internal.upkeep;

import io.meshwork.Mesh;
import io.meshwork.error.Finding;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Reports damage and leftovers of a mesh. */
@Command(
    name = "doctor",
    description = "Reports damage and leftovers of the whole mesh.",
    exitCodeList = {"20:There is damage.", "21:The registry or the store cannot be read."})
public final class DoctorVerb extends CheckVerb {
  @Option(names = "--checksums", description = "Also reads the content of each data file")
  private boolean checksums;

  @Override
  List<Finding> check(Mesh mesh) {
    return (checksums ? mesh.doctorWithChecksums() : mesh.doctor()).findings();
  }
}
