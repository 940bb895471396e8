/**
 * Objects of S3 as files: ranged reads, uploads in parts, and what a failed request means.
 *
 * <p>Start at {@link io.meshwork.aws.internal.s3.S3InputFile} and {@link
 * io.meshwork.aws.internal.s3.S3OutputFile}. Invariant: a file is there as a whole or not at all.
 * Imports {@code aws.internal}.
 */
@NullMarked
package io.meshwork.aws.internal.s3;

import org.jspecify.annotations.NullMarked;
