/**
 * What Lake Formation stores: its catalogs with their resources, grants, and locations, and the
 * shares of RAM by which grants reach other accounts.
 */
@NullMarked
package io.meshwork.testkit.aws.internal.lake;

import org.jspecify.annotations.NullMarked;
