namespace HyperVDash.Lab.Scenarios.Description;

/// <summary>Why Windows waits for a restart.</summary>
public enum LabRestartMark
{
    ComponentServicing, WindowsUpdate, ComputerRename, FileRename,
}
