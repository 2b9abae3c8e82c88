enum RotationEnginePlaceholder {}
