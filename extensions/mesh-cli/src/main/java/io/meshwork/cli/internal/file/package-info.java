/**
 * Files that a command reads and writes, and the text of contracts and filters.
 *
 * <p>Start at {@link io.meshwork.cli.internal.file.InputFile}. Imports {@code shell}.
 */
@NullMarked
package io.meshwork.cli.internal.file;

import org.jspecify.annotations.NullMarked;
