#!/usr/bin/env bash
# Builds into an empty folder what src was before its newest change: with what was committed before that, the two versions would be one.
set -euo pipefail

folder="$1"
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
newest="$(git log -1 --format=%H -- src)"
before="$(git rev-parse --verify "$newest^1")" # of a merge, the branch it was merged into
git archive "$before" | tar -x -C "$folder"

# An Api has the silo's program beside it.
cd "$folder"
dotnet build src/Api/Api.csproj -c Release -p:RunAnalyzers=false -p:GenerateDocumentationFile=false
