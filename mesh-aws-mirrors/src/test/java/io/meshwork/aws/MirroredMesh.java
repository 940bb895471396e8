package io.meshwork.aws;

import io.meshwork.Mesh;
import java.time.Duration;
import java.util.List;

/** A mesh with mirrors, over accounts that no other test uses. */
interface MirroredMesh extends AutoCloseable {
  /**
   * Returns a builder that opens the mesh as another process, whose waits advance the clock of the
   * mesh.
   */
  Mesh.Builder open(AwsTimeouts timeouts);

  /** Lets time pass. */
  void advance(Duration by);

  /**
   * Returns texts as they would be in other accounts, sorted: with names in place of the IDs of
   * accounts, the mesh, and grants, and without other IDs.
   */
  List<String> named(List<String> texts);

  /** Returns what the services of all accounts have, by these names. */
  List<String> state();

  /** Returns the accounts that the mesh invites to shares, and that are not of the mesh. */
  List<String> outsiders();

  @Override
  void close();
}
