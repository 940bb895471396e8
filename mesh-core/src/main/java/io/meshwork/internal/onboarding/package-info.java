/**
 * Files of other programs: listed, compared with those that are registered, and described by a
 * contract.
 *
 * <p>Start at {@code ListedFiles} and {@code NewFiles}. Reads them and changes nothing; {@code
 * internal.publish} registers them. Imports the packages of tables and Parquet.
 */
@NullMarked
package io.meshwork.internal.onboarding;

import org.jspecify.annotations.NullMarked;
