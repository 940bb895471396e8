package io.meshwork.conformance;

import io.meshwork.testkit.InMemoryMesh;
import org.apache.iceberg.io.FileIO;

class MemoryFileIOTest extends FileIOConformance {
  @Override
  protected FileIO fileIO() {
    return InMemoryMesh.files();
  }

  @Override
  protected String folder() {
    return "mem://bucket/mesh";
  }
}
