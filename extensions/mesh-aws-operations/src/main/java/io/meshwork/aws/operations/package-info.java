/**
 * Operates a mesh on AWS without a server.
 *
 * <p>Start at {@link io.meshwork.aws.operations.MeshFunction}.
 */
@NullMarked
package io.meshwork.aws.operations;

import org.jspecify.annotations.NullMarked;
