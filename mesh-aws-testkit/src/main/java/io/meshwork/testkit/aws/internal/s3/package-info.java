/** What the servers lack of S3: policies of buckets, checksums, and conditions. */
@NullMarked
package io.meshwork.testkit.aws.internal.s3;

import org.jspecify.annotations.NullMarked;
