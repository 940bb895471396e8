package io.meshwork;

import io.meshwork.topology.Topology;

/**
 * Where the documents of a mesh are; fixed when the mesh is created. Immutable.
 *
 * @param topology its catalogs
 * @param separateConsumerPartitions true if domains write what they record as consumers to separate
 *     partitions, also at home
 */
record MeshLayout(Topology topology, boolean separateConsumerPartitions) {}
