namespace HyperVDash.Model.Hosts;

/// <summary>Win32_OperatingSystem.ProductType.</summary>
public enum ProductType { Unknown, Workstation, DomainController, Server }
