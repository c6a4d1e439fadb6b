/* The rules for the course's JavaScript: it is plain modules for the browser, without a build step but front.py's. */

import js from "@eslint/js";

const NAMES = "Blob CustomEvent clearTimeout createImageBitmap document performance requestAnimationFrame setTimeout window";

export default [
  js.configs.recommended,
  {
    files: ["**/*.js"],
    languageOptions: {
      ecmaVersion: 2022,
      sourceType: "module",
      globals: Object.fromEntries(NAMES.split(" ").map((name) => [name, "readonly"])),
    },
    rules: {
      eqeqeq: "error",
      "no-shadow": "error",
      "no-use-before-define": ["error", { functions: false, variables: false }],
      "no-var": "error",
      "object-shorthand": "error",
      "prefer-const": "error",
      "prefer-template": "error",
    },
  },
];
