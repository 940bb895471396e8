package io.meshwork.cli.internal.upkeep;

import io.meshwork.Mesh;
import io.meshwork.error.Finding;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Reports damage and leftovers of a mesh. */
@Command(name = "doctor", description = "Reports damage and leftovers; exits with 20 for damage.")
public final class DoctorVerb extends CheckVerb {
  @Option(names = "--checksums", description = "Reads the content of each data file")
  private boolean checksums;

  @Override
  List<Finding> check(Mesh mesh) {
    return (checksums ? mesh.doctorWithChecksums() : mesh.doctor()).findings();
  }
}
