/** The mirror of open data: statements in the policies of buckets. */
@NullMarked
package io.meshwork.aws.internal.mirror.opendata;

import org.jspecify.annotations.NullMarked;
