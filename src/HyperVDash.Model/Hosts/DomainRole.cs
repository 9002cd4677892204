namespace HyperVDash.Model.Hosts;

/// <summary>Win32_ComputerSystem.DomainRole.</summary>
public enum DomainRole
{
    Unknown, StandaloneWorkstation, MemberWorkstation, StandaloneServer, MemberServer, BackupDomainController, PrimaryDomainController,
}
