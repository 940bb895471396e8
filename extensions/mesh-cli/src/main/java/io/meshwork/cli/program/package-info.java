/**
 * The program {@code mesh} with all its verbs.
 *
 * <p>Start at {@code MeshProgram}. Imports each package of verbs, and {@code cli} for the older
 * form.
 */
@NullMarked
package io.meshwork.cli.program;

import org.jspecify.annotations.NullMarked;
