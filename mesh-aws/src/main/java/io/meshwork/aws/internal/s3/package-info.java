/**
 * Objects of S3 as files: ranged reads, uploads in parts, what a failed request means, and the
 * credentials that Lake Formation gives for the files of a table.
 *
 * <p>Start at {@link io.meshwork.aws.internal.s3.S3Files}. Invariant: a file is there as a whole or
 * not at all. Imports {@code aws.internal}.
 */
@NullMarked
package io.meshwork.aws.internal.s3;

import org.jspecify.annotations.NullMarked;
