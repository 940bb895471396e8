package io.meshwork.testkit;

/** What came since the last acknowledgement, for every process alike. */
abstract class MeshPolls extends MeshReads {}
