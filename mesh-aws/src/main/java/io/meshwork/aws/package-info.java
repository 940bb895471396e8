/**
 * The place of the mesh on AWS; it holds no class yet. A backend that comes here implements {@code
 * io.meshwork.registry.Registry} and shows no type of the AWS SDK in its public signatures.
 */
@NullMarked
package io.meshwork.aws;

import org.jspecify.annotations.NullMarked;
