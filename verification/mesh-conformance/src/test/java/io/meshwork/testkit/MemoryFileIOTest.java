package io.meshwork.testkit;

import org.apache.iceberg.io.FileIO;

// tag::files[]
class MemoryFileIOTest extends FileIOConformance {
  @Override
  protected FileIO fileIO() {
    return new MemoryFileIO();
  }

  @Override
  protected String folder() {
    return "mem://bucket/mesh";
  }
}
// end::files[]
